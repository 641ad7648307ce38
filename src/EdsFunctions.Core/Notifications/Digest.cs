using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A summary of stale, expired or failed verifications, for a notice to one channel.</summary>
/// <param name="At">The time, in UTC.</param>
/// <param name="Threshold">The age from which a verification is in the digest.</param>
/// <param name="StaleCount">The number of verifications in the digest.</param>
/// <param name="DueCount">
/// The number of verifications that are due: never reported to the channel, or due for a reminder.
/// </param>
/// <param name="Items">
/// The first verifications, oldest first. In a report, verifications that were never reported come before reminders.
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
/// The verification. An expired verification already has the state that its close will set.
/// </param>
/// <param name="Waiting">The time since the latest e-mail of the verification.</param>
/// <param name="Due">Whether the verification is due for a report.</param>
/// <param name="NextReportAt">The time of the next reminder; the time of the digest if the verification is due.</param>
public sealed record DigestItem(Verification Verification, TimeSpan Waiting, bool Due, DateTimeOffset NextReportAt);

/// <summary>Builds a digest in one pass, keeping only the verifications that it lists.</summary>
/// <param name="at">The time, in UTC.</param>
/// <param name="threshold">The threshold of the digest.</param>
/// <param name="dueOnly">
/// Whether the digest counts, but does not list, verifications that are not due. Reminders then come last.
/// </param>
internal sealed class DigestBuilder(DateTimeOffset at, TimeSpan threshold, bool dueOnly)
{
    /// <summary>The maximum number of verifications that a digest lists. The next reports list the others.</summary>
    private const int MaxItems = 20;

    private readonly List<DigestItem> items = [];
    private readonly List<DigestItem> reminders = [];
    private readonly AgeCounts ages = new();
    private int count;
    private int dueCount;
    private TimeSpan oldest;

    /// <param name="verification">The verification to add. Verifications must be added in order of age.</param>
    /// <param name="nextReportAt">
    /// The time of the next reminder of the verification; null if it was never reported.
    /// </param>
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
