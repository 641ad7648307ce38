namespace EdsFunctions.Core.Verifications;

/// <summary>
/// An attachment that Alibaba was asked for. It is on record before the call, so that whoever finds it after a crash looks whether it was
/// done, and does not ask again on a guess.
/// </summary>
/// <param name="OfficeSiteId">The office network.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="By">Who asked for it.</param>
public sealed record AttachAttempt(string OfficeSiteId, DateTimeOffset StartedAt, string? By);
