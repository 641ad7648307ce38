using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>The stale verifications, or the expired ones, for one channel at one moment.</summary>
/// <param name="At">UTC.</param>
/// <param name="Threshold">A verification that waits longer is stale, or expired.</param>
/// <param name="StaleCount">How many there are.</param>
/// <param name="DueCount">How many of them are due: never reported to the channel, or last reported long enough ago.</param>
/// <param name="Items">The first of them, oldest first; in a report those first that were never reported.</param>
/// <param name="Oldest">The longest wait of all of them; zero if there is none.</param>
/// <param name="Ages">How many of them there are by age.</param>
public sealed record StaleDigest(
    DateTimeOffset At,
    TimeSpan Threshold,
    int StaleCount,
    int DueCount,
    IReadOnlyList<StaleItem> Items,
    TimeSpan Oldest,
    AgeCounts Ages);

/// <summary>A verification of a digest.</summary>
/// <param name="Verification">An expired one is as it will be once it is closed.</param>
/// <param name="Waiting">How long it has waited.</param>
/// <param name="Due">Whether it is due.</param>
/// <param name="NextReportAt">When it is due next: now, if it is due.</param>
public sealed record StaleItem(Verification Verification, TimeSpan Waiting, bool Due, DateTimeOffset NextReportAt);

/// <summary>Builds a digest in one pass, and keeps only the verifications that the digest names.</summary>
/// <param name="at">UTC.</param>
/// <param name="threshold">The threshold of the digest.</param>
/// <param name="dueOnly">
/// Whether a verification that is not due is counted, but not named. Such a digest names first what was never reported.
/// </param>
internal sealed class DigestBuilder(DateTimeOffset at, TimeSpan threshold, bool dueOnly)
{
    /// <summary>How many verifications a digest names; the others follow in the next reports.</summary>
    private const int MaxItems = 20;

    private readonly List<StaleItem> items = [];
    private readonly List<StaleItem> repeats = [];
    private readonly AgeCounts ages = new();
    private int count;
    private int dueCount;
    private TimeSpan oldest;

    /// <param name="verification">They are added oldest first.</param>
    /// <param name="nextReportAt">From when on it is due; null if it was never reported.</param>
    public void Add(Verification verification, DateTimeOffset? nextReportAt)
    {
        var waiting = at - verification.WaitingSince;
        var isDue = nextReportAt is null || nextReportAt <= at;
        count++;
        dueCount += isDue ? 1 : 0;
        oldest = waiting > oldest ? waiting : oldest;
        ages.Add(waiting);
        var named = dueOnly && nextReportAt is not null ? repeats : items;
        if (named.Count < MaxItems && (isDue || !dueOnly))
        {
            named.Add(new StaleItem(verification, waiting, isDue, isDue ? at : nextReportAt!.Value));
        }
    }

    public StaleDigest Build() =>
        new(at, threshold, count, dueCount, [.. items.Concat(repeats).Take(MaxItems)], oldest, ages);
}
