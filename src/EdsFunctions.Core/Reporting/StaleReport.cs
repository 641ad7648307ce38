using EdsFunctions.Core.Reporting.Channels;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>
/// The companion of the sends: settles what died on the way, gives up what is too old, and says what waits too long. A run is safe to
/// repeat, to overlap and to miss: each change is a compare-and-swap, and what was not marked as reported is due again.
/// </summary>
public sealed class StaleReport
{
    /// <summary>How many verifications one report names; the others follow in the next ones.</summary>
    public const int MaxItems = 20;

    private const int PageSize = 200;

    /// <summary>How long a verification stays open for a channel that does not take the notice that it is given up.</summary>
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromDays(1);

    private readonly IVerificationStore store;
    private readonly VerificationService verifications;
    private readonly Reconciliation reconciliation;
    private readonly ReportChannels channels;
    private readonly Heartbeat heartbeat;
    private readonly IOptions<StaleReportOptions> options;
    private readonly TimeProvider time;
    private readonly EdsMetrics metrics;
    private readonly ILogger<StaleReport> logger;

    internal StaleReport(
        IVerificationStore store,
        VerificationService verifications,
        Reconciliation reconciliation,
        ReportChannels channels,
        Heartbeat heartbeat,
        IOptions<StaleReportOptions> options,
        TimeProvider time,
        EdsMetrics metrics,
        ILogger<StaleReport> logger)
    {
        this.store = store;
        this.verifications = verifications;
        this.reconciliation = reconciliation;
        this.channels = channels;
        this.heartbeat = heartbeat;
        this.options = options;
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
    }

    /// <summary>What a run would say now; changes nothing. Names stale verifications that are not due as well, and says which.</summary>
    public async Task<StaleDigest> PreviewAsync(CancellationToken cancellationToken) =>
        (await SelectAsync([null], dueOnly: false, new AgeCounts(), cancellationToken))[0];

    /// <summary>One run. A channel that fails is no reason for it to throw: what it did not take is due again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsActivities.Source.StartActivity("stale report");
        bool delivered;
        try
        {
            delivered = await ReportAsync(cancellationToken);
        }
        catch (Exception e)
        {
            metrics.ReportFailed();
            if (e is not OperationCanceledException)
            {
                logger.ReportFailed(e);
            }

            throw;
        }

        if (delivered)
        {
            await heartbeat.BeatAsync(cancellationToken);
        }
    }

    /// <returns>Whether every channel took what it was told.</returns>
    private async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        await verifications.GiveUpOrphansAsync(startedAt, PageSize, cancellationToken);
        await reconciliation.RunAsync(PageSize, cancellationToken);
        // Where there are channels, what is too old is closed once they know.
        if (channels.None)
        {
            await verifications.ExpireAllAsync(startedAt, PageSize, cancellationToken);
        }

        var ages = new AgeCounts();
        var digests = await SelectAsync([null, .. channels.Names], dueOnly: true, ages, cancellationToken);
        var digest = digests[0];
        if (digest.DueCount > 0)
        {
            logger.StaleVerifications(
                digest.StaleCount,
                StaleText.Duration(digest.Oldest),
                digest.DueCount,
                digest.DueCount - digest.Items.Count,
                StaleText.Lines(digest));
        }

        var expired = await SelectExpiredAsync(digest.At, cancellationToken);
        var reports = await channels.ReportAsync(expired.Untold, [.. digests.Skip(1)], cancellationToken);
        await MarkAsync(digest, reports, cancellationToken);
        if (expired.Any)
        {
            await CloseAsync(reports, digest.At, cancellationToken);
        }

        await store.TidyAsync(digest.At - IdempotencyKey.KeptFor, cancellationToken);
        var delivered = reports.All(report => report.Delivered);
        metrics.ReportEnded(time.GetUtcNow(), delivered, digest.StaleCount, digest.DueCount, digest.Items.Count, digest.Oldest, ages);
        return delivered;
    }

    /// <summary>Marks each verification, in one write, as said to whoever was told of it.</summary>
    private async Task MarkAsync(StaleDigest digest, ChannelReport[] reports, CancellationToken cancellationToken)
    {
        var marked = digest.Items.ToDictionary(item => item.Verification.Id, item => item.Verification.MarkReported(digest.At));
        foreach (var report in reports)
        {
            foreach (var verification in report.Reported.Select(item => item.Verification))
            {
                marked[verification.Id] =
                    marked.GetValueOrDefault(verification.Id, verification).MarkReported(digest.At, report.Channel);
            }
        }

        foreach (var verification in marked.Values)
        {
            // Where another writer was first it is no longer what was said, and the next run looks at it anew.
            await store.UpdateAsync(verification, key: null, cancellationToken);
        }
    }

    /// <summary>
    /// Closes what is too old once every channel knows, and at the latest after a day; by then it is not kept open for a channel that
    /// fails, but still for one that names twenty at a time. They are read again for it, a page at a time: there may be more of them than
    /// should be held while the channels are told.
    /// </summary>
    private async Task CloseAsync(ChannelReport[] reports, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var verification in verifications.ListExpiredAsync(now, PageSize, cancellationToken))
        {
            var told = reports
                .Where(report => report.GivenUp.Any(item => item.Verification.Id == verification.Id))
                .Aggregate(verification, (marked, report) => marked.MarkGivenUp(now, report.Channel));
            var isLate = verification.IsExpired(now, verifications.ExpireAfter + NoticeWithin);
            if (reports.All(report => told.MarkOf(report.Channel) is { Final: true } || (isLate && !report.Delivered)))
            {
                await verifications.ExpireAsync(told, now, cancellationToken);
            }
            else if (told != verification)
            {
                await store.UpdateAsync(told, key: null, cancellationToken);
            }
        }
    }

    /// <summary>What is given up, and which of it each channel does not know of yet.</summary>
    private async Task<(bool Any, StaleDigest[] Untold)> SelectExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        GivenUpList[] lists = [.. channels.Names.Select(channel => new GivenUpList(channel, now, verifications.ExpireAfter))];
        var any = false;
        if (lists.Length > 0)
        {
            await foreach (var expired in verifications.ListExpiredAsync(now, PageSize, cancellationToken))
            {
                any = true;
                Array.ForEach(lists, list => list.Offer(expired));
            }
        }

        return (any, Array.ConvertAll(lists, list => list.Digest));
    }

    /// <summary>What waits too long, for each of some readers.</summary>
    /// <param name="readers">Channels, and null for the log.</param>
    /// <param name="dueOnly">Whether what is not to be said now is left out.</param>
    /// <param name="ages">Counts all that is stale.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private async Task<IReadOnlyList<StaleDigest>> SelectAsync(
        IEnumerable<string?> readers, bool dueOnly, AgeCounts ages, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var lists = readers.Select(reader => new DueList(reader, now, options.Value.RepeatAfter, dueOnly)).ToList();
        var (stale, oldest) = (0, TimeSpan.Zero);
        Guid? after = null;
        IReadOnlyList<Verification> page;
        do
        {
            page = await store.ListWaitingAsync(now - options.Value.Threshold, after, PageSize, cancellationToken);
            foreach (var listed in page)
            {
                after = listed.Id;
                // In a run the sweep has been there before; in a preview nobody has.
                var verification = verifications.AsSwept(listed, now);
                if (verification is not null && verification.IsStale(now, options.Value.Threshold))
                {
                    var waiting = now - verification.WaitingSince;
                    oldest = waiting > oldest ? waiting : oldest;
                    stale++;
                    ages.Add(waiting);
                    lists.ForEach(list => list.Offer(verification));
                }
            }
        }
        while (page.Count == PageSize);

        return [.. lists.Select(list => new StaleDigest(now, options.Value.Threshold, stale, list.Due, list.Items, oldest))];
    }
}
