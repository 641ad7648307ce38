using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>Collects, from all that is given up, what one channel does not know of yet.</summary>
/// <param name="channel">The name of the channel.</param>
/// <param name="now">UTC.</param>
/// <param name="expireAfter">What waits longer is given up.</param>
internal sealed class GivenUpList(string channel, DateTimeOffset now, TimeSpan expireAfter)
{
    private readonly List<StaleItem> items = [];
    private int count;
    private TimeSpan longest;

    /// <summary>What the channel is to be told.</summary>
    public StaleDigest Digest => new(now, expireAfter, count, count, items, longest);

    public void Offer(Verification expired)
    {
        if (expired.MarkOf(channel) is { Final: true })
        {
            return;
        }

        var waiting = now - expired.WaitingSince;
        longest = count == 0 || waiting > longest ? waiting : longest;
        count++;
        if (items.Count < StaleReport.MaxItems)
        {
            items.Add(new StaleItem(expired.Expire(now, expireAfter)!, waiting, Due: true, NextReportAt: now));
        }
    }
}
