using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>What waits too long, at one moment.</summary>
/// <param name="At">UTC.</param>
/// <param name="Threshold">What waits longer is said to wait too long.</param>
/// <param name="StaleCount">How many wait too long.</param>
/// <param name="DueCount">How many of them are to be said now: new, or last said long enough ago.</param>
/// <param name="Items">The first of them, oldest first.</param>
/// <param name="Oldest">The longest wait of all stale ones; zero if there is none.</param>
public sealed record StaleDigest(
    DateTimeOffset At, TimeSpan Threshold, int StaleCount, int DueCount, IReadOnlyList<StaleItem> Items, TimeSpan Oldest);

/// <summary>One of them.</summary>
/// <param name="Verification">Which.</param>
/// <param name="Waiting">How long it waits.</param>
/// <param name="Due">Whether it is to be said now.</param>
/// <param name="NextReportAt">When the report says it next: now, if it is due.</param>
public sealed record StaleItem(Verification Verification, TimeSpan Waiting, bool Due, DateTimeOffset NextReportAt);
