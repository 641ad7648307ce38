using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>The stale, expired or failed verifications for one channel.</summary>
/// <param name="At">UTC.</param>
/// <param name="Threshold">The age from which a verification is included.</param>
/// <param name="StaleCount">The number of verifications.</param>
/// <param name="DueCount">
/// The number of due verifications: never reported to the channel, or due for a reminder.
/// </param>
/// <param name="Items">
/// The first verifications, oldest first. A report lists those that were never reported before reminders.
/// </param>
/// <param name="Oldest">The age of the oldest verification; zero if there is none.</param>
/// <param name="Ages">The number of verifications by age.</param>
public sealed record Digest(
    DateTimeOffset At,
    TimeSpan Threshold,
    int StaleCount,
    int DueCount,
    IReadOnlyList<DigestItem> Items,
    TimeSpan Oldest,
    AgeCounts Ages);

/// <summary>A verification in a digest.</summary>
/// <param name="Verification">
/// The verification. An expired verification has the state that it gets when it is closed.
/// </param>
/// <param name="Waiting">The age.</param>
/// <param name="Due">Whether it is due.</param>
/// <param name="NextReportAt">The time of the next reminder; the time of the digest if it is due.</param>
public sealed record DigestItem(Verification Verification, TimeSpan Waiting, bool Due, DateTimeOffset NextReportAt);

/// <summary>Builds a digest in one pass, keeping only the verifications that it lists.</summary>
/// <param name="at">UTC.</param>
/// <param name="threshold">The threshold of the digest.</param>
/// <param name="dueOnly">
/// Whether verifications that are not due are counted but not listed. Reminders are then listed last.
/// </param>
internal sealed class DigestBuilder(DateTimeOffset at, TimeSpan threshold, bool dueOnly)
{
    /// <summary>The maximum number of listed verifications. The next reports list the others.</summary>
    private const int MaxItems = 20;

    private readonly List<DigestItem> items = [];
    private readonly List<DigestItem> reminders = [];
    private readonly AgeCounts ages = new();
    private int count;
    private int dueCount;
    private TimeSpan oldest;

    /// <param name="verification">The next verification, in order of age.</param>
    /// <param name="nextReportAt">The time of its next reminder; null if it was never reported.</param>
    public void Add(Verification verification, DateTimeOffset? nextReportAt)
    {
        var waiting = at - verification.WaitingSince;
        var isDue = nextReportAt is null || nextReportAt <= at;
        count++;
        dueCount += isDue ? 1 : 0;
        oldest = waiting > oldest ? waiting : oldest;
        ages.Add(waiting);
        var listed = dueOnly && nextReportAt is not null ? reminders : items;
        if (listed.Count < MaxItems && (isDue || !dueOnly))
        {
            listed.Add(new DigestItem(verification, waiting, isDue, isDue ? at : nextReportAt!.Value));
        }
    }

    public Digest Build() =>
        new(at, threshold, count, dueCount, [.. items.Concat(reminders).Take(MaxItems)], oldest, ages);
}
