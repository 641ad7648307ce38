namespace EdsFunctions.Core.Verifications;

/// <summary>The times that decide over a send.</summary>
/// <param name="ResendCooldown">How long after a send that may have reached the owner the next one is refused.</param>
/// <param name="OrphanAfter">How long after its record a send without an answer is given up for lost.</param>
/// <param name="BeginWithin">
/// How long after its record a send may begin: so that it ends, at the latest, before it is given up.
/// </param>
public sealed record SendRules(TimeSpan ResendCooldown, TimeSpan OrphanAfter, TimeSpan BeginWithin);
