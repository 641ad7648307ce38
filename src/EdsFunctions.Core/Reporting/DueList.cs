using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>Collects, from all that is stale, what one reader of the report is to be told.</summary>
/// <param name="channel">The reader: a channel, or null for the log.</param>
/// <param name="now">UTC.</param>
/// <param name="repeatAfter">How long after the first time it is said again.</param>
/// <param name="dueOnly">Whether what is not to be said now is left out.</param>
internal sealed class DueList(string? channel, DateTimeOffset now, TimeSpan repeatAfter, bool dueOnly)
{
    private readonly List<StaleItem> items = [];

    /// <summary>How many are to be said now.</summary>
    public int Due { get; private set; }

    /// <summary>The first of them.</summary>
    public IReadOnlyList<StaleItem> Items => items;

    public void Offer(Verification verification)
    {
        var isDue = verification.IsDue(now, repeatAfter, channel);
        Due += isDue ? 1 : 0;
        if (items.Count < StaleReport.MaxItems && (isDue || !dueOnly))
        {
            items.Add(new StaleItem(
                verification,
                now - verification.WaitingSince,
                isDue,
                isDue ? now : verification.MarkOf(channel)!.NextAt(repeatAfter)));
        }
    }
}
