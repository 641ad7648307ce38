namespace EdsFunctions.Core.Verifications;

/// <summary>The times that decide over a send.</summary>
/// <param name="ResendCooldown">How long after a send that may have reached the owner the next one is refused.</param>
/// <param name="OrphanAfter">How long after its beginning a send without an answer is given up for lost.</param>
public sealed record SendRules(TimeSpan ResendCooldown, TimeSpan OrphanAfter);
