using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>
/// The timer's run: it times out abandoned sends, closes expired verifications, and reports stale ones. Runs are idempotent and may
/// overlap: every change is a compare-and-swap, and items that were not marked as reported stay due.
/// </summary>
public sealed partial class StaleReport(
    IVerificationStore store,
    VerificationService verifications,
    Reconciliation reconciliation,
    ReportChannels channels,
    Heartbeat heartbeat,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    ReportMetrics metrics,
    ILogger<StaleReport> logger)
{
    /// <summary>How long an expired verification stays open for a channel that rejects the notice of it.</summary>
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromDays(1);

    /// <summary>The digest for the log as of now, with the stale verifications that are not due; changes nothing.</summary>
    public async Task<StaleDigest> PreviewAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var log = Digests(channels.Log, now, dueOnly: false);
        await SelectAsync([log], now, cancellationToken);
        return log.Stale.Build();
    }

    /// <summary>One run. It does not throw if a channel fails: what the channel did not accept is due again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsTelemetry.Source.StartActivity("stale report");
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
                ReportFailed(e);
            }

            throw;
        }

        if (delivered)
        {
            await heartbeat.BeatAsync(cancellationToken);
        }
    }

    /// <returns>Whether every channel accepted its notices.</returns>
    private async Task<bool> ReportAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        await verifications.GiveUpOrphansAsync(startedAt, cancellationToken);
        await reconciliation.RunAsync(cancellationToken);
        var now = time.GetUtcNow();
        var log = Digests(channels.Log, now, dueOnly: true);
        ChannelDigests[] all = [log, .. channels.Configured.Select(channel => Digests(channel, now, dueOnly: true))];
        await SelectAsync(all, now, cancellationToken);
        var reports = await Task.WhenAll(
            all.Select(one => one.Channel.ReportAsync(one.Expired.Build(), one.Stale.Build(), cancellationToken)));
        await MarkAsync(reports, now, cancellationToken);
        await CloseAsync(reports, now, cancellationToken);
        await store.TidyAsync(now - IdempotencyKey.KeptFor, cancellationToken);
        var delivered = reports.All(report => report.Delivered);
        metrics.ReportEnded(time.GetUtcNow(), delivered, log.Stale.Build());
        return delivered;
    }

    private ChannelDigests Digests(IReportChannel channel, DateTimeOffset now, bool dueOnly) => new(
        channel,
        new DigestBuilder(now, options.Value.Threshold, dueOnly),
        new DigestBuilder(now, verifications.ExpireAfter, dueOnly));

    /// <summary>Adds every stale verification to the digests, and every expired one that a channel was not told of.</summary>
    private async Task SelectAsync(ChannelDigests[] digests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (threshold, expireAfter) = (options.Value.Threshold, verifications.ExpireAfter);
        var since = now - (threshold < expireAfter ? threshold : expireAfter);
        await foreach (var listed in store.WaitingAsync(since, cancellationToken))
        {
            if (listed.IsExpired(now, expireAfter))
            {
                foreach (var digest in digests.Where(one =>
                    one.Channel.GetsFinalNotice && listed.MarkOf(one.Channel.Name) is not { Final: true }))
                {
                    digest.Expired.Add(listed.Expire(now, expireAfter)!, nextReportAt: now);
                }
            }
            // A run has timed out abandoned sends before; a preview has not.
            else if (verifications.AsSwept(listed, now) is { } verification && verification.IsStale(now, threshold))
            {
                foreach (var digest in digests)
                {
                    var reminder = verification.MarkOf(digest.Channel.Name);
                    digest.Stale.Add(verification, reminder?.NextAt(options.Value.RepeatAfter) ?? now);
                }
            }
        }
    }

    /// <summary>Marks each verification as reported to the channels that accepted it, in one write.</summary>
    private async Task MarkAsync(ChannelReport[] reports, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var marked = new Dictionary<Guid, Verification>();
        foreach (var report in reports)
        {
            foreach (var verification in report.Stale.Select(item => item.Verification))
            {
                marked[verification.Id] =
                    marked.GetValueOrDefault(verification.Id, verification).MarkReported(now, report.Channel.Name);
            }
        }

        foreach (var verification in marked.Values)
        {
            // After a conflict it is no longer what was reported, and the next run looks at it again.
            await store.UpdateAsync(verification, key: null, cancellationToken);
        }
    }

    /// <summary>
    /// Closes expired verifications once every channel was told, and at the latest after a day; after that they do not stay open for a
    /// channel that fails, but still for one that names twenty at a time. They are read again, a page at a time: there may be more of
    /// them than should be held in memory while the channels are told.
    /// </summary>
    private async Task CloseAsync(ChannelReport[] reports, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await foreach (var verification in verifications.ListExpiredAsync(now, cancellationToken))
        {
            var told = reports
                .Where(report => report.Expired.Any(item => item.Verification.Id == verification.Id))
                .Aggregate(verification, (marked, report) => marked.MarkGivenUp(now, report.Channel.Name!));
            var isLate = verification.IsExpired(now, verifications.ExpireAfter + NoticeWithin);
            if (reports.All(report => !report.Channel.GetsFinalNotice
                || told.MarkOf(report.Channel.Name) is { Final: true }
                || (isLate && !report.Delivered)))
            {
                await verifications.ExpireAsync(told, now, cancellationToken);
            }
            else if (told != verification)
            {
                await store.UpdateAsync(told, key: null, cancellationToken);
            }
        }
    }

    [LoggerMessage(301, LogLevel.Error, "The report failed")]
    private partial void ReportFailed(Exception exception);

    private sealed record ChannelDigests(IReportChannel Channel, DigestBuilder Stale, DigestBuilder Expired);
}
