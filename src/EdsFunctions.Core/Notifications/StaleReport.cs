using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>Reports stale, expired and failed verifications to every channel.</summary>
public sealed partial class StaleReport(
    IVerificationStore store,
    VerificationWriter writer,
    SendRules rules,
    ReportChannels channels,
    IOptions<StaleReportOptions> options,
    ReportMetrics metrics,
    ILogger<StaleReport> logger)
{
    /// <summary>
    /// Returns a digest of the stale verifications, including those that are not due for a report. Changes nothing.
    /// </summary>
    public async Task<Digest> PreviewAsync(CancellationToken cancellationToken)
    {
        var current = await store.ReadCurrentAsync(cancellationToken);
        var log = CreateDigests(channels.All[0], store.UtcNow, dueOnly: false);
        AddTo([log], current, store.UtcNow, mayExpire: true);
        return log.Stale.Build();
    }

    /// <summary>Reports to all channels concurrently. The failure of one channel does not affect the others.</summary>
    /// <param name="current">The current verifications.</param>
    /// <param name="mayExpire">Whether to send notices about expired verifications, which are then closed.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    /// <returns>The result for each channel.</returns>
    internal async Task<IReadOnlyDictionary<IReportChannel, ChannelReport>> RunAsync(
        IReadOnlyList<Verification> current, bool mayExpire, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        ChannelDigests[] all = [.. channels.All.Select(channel => CreateDigests(channel, now, dueOnly: true))];
        AddTo(all, current, now, mayExpire);
        var reports = await Task.WhenAll(all.Select(digests => ReportAsync(digests, now, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        metrics.RecordDigest(all[0].Stale.Build());
        return channels.All.Zip(reports).ToDictionary();
    }

    /// <summary>
    /// Reports to one channel. Marks the verifications that the channel accepted even if the rest fails or is
    /// cancelled, so that they are not sent again.
    /// </summary>
    private async Task<ChannelReport> ReportAsync(
        ChannelDigests digests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var channel = digests.Channel;
        var expired = digests.Expired.Build();
        var report = new ChannelReport(expired.DueCount);
        await TryAsync(() => channel.ReportAsync(
            expired, digests.Failed.Build(), digests.Stale.Build(), report, cancellationToken));
        (Verification Reported, Func<Verification, Verification> Mark)[] marks =
        [
            .. MarkAll(report.Stale, current => current.MarkReported(now, channel.Name)),
            .. MarkAll(report.Expired, current => current.MarkFinalNotice(now, channel.Name)),
            .. MarkAll(report.Failed, current => current.MarkFailureReported(now, channel.Name)),
        ];
        // Write all marks of a verification at once. A second write would see that the verification has changed since
        // the report, and would not mark it.
        foreach (var same in marks.GroupBy(mark => mark.Reported.Id))
        {
            var isMarked = await TryAsync(() => MarkAsync(
                channel, same.First().Reported, current => same.Aggregate(current, (next, mark) => mark.Mark(next))));
            if (!isMarked && cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return report;

        static IEnumerable<(Verification, Func<Verification, Verification>)> MarkAll(
            IEnumerable<DigestItem> items, Func<Verification, Verification> mark) =>
            items.Select(item => (item.Verification, mark));

        async Task<bool> TryAsync(Func<Task> step)
        {
            try
            {
                await step();
                return true;
            }
            catch (Exception e)
            {
                report.IsComplete = false;
                if (!cancellationToken.IsCancellationRequested)
                {
                    ReportFailed(e, channel.Name ?? "the log");
                }

                return false;
            }
        }
    }

    /// <summary>
    /// Marks a verification as reported, unless it was resent, closed or marked by another run since the report.
    /// </summary>
    private async Task MarkAsync(
        IReportChannel channel, Verification reported, Func<Verification, Verification> mark) =>
        await writer.ChangeAsync<object>(async _ =>
            await store.GetAsync(reported.Id, CancellationToken.None) is { } current
            && current.SendCount == reported.SendCount
            && current.GetReminder(channel.Name) == reported.GetReminder(channel.Name)
            && current.State != VerificationState.Sending
            && (current.IsOpen || (current.OutcomeUndelivered && current.IsCurrent(store.UtcNow)))
                ? new(mark(current))
                : new(Next: null));

    private ChannelDigests CreateDigests(IReportChannel channel, DateTimeOffset now, bool dueOnly) => new(
        channel,
        new DigestBuilder(now, options.Value.Threshold, dueOnly),
        new DigestBuilder(now, rules.ExpireAfter, dueOnly),
        new DigestBuilder(now, TimeSpan.Zero, dueOnly));

    /// <summary>
    /// Adds to each channel's digests the stale verifications, the expired verifications whose final notice the channel
    /// has not accepted, and the failed sends that neither the channel nor the requester was notified of.
    /// </summary>
    private void AddTo(
        ChannelDigests[] digests, IReadOnlyList<Verification> current, DateTimeOffset now, bool mayExpire)
    {
        foreach (var listed in current)
        {
            foreach (var digest in digests.Where(one => listed.IsFailureUnreported(one.Channel.Name)))
            {
                digest.Failed.Add(listed, nextReportAt: null);
            }

            // Do not report a verification while a send or an attachment is in progress.
            if (listed.IsInProgress(now, rules))
            {
                continue;
            }

            // Treat an abandoned send as timed out. A run of the timer has recorded this before the report, but a
            // preview has not.
            var verification = listed.TimeOutAbandonedSend(now, rules) ?? listed;
            if (mayExpire && verification.IsExpired(now, rules.ExpireAfter))
            {
                foreach (var digest in digests.Where(one =>
                    one.Channel.GetsFinalNotice && listed.GetReminder(one.Channel.Name) is not { Final: true }))
                {
                    digest.Expired.Add(verification.Expire(now, rules.ExpireAfter)!, nextReportAt: null);
                }
            }
            else if (verification.IsStale(now, options.Value.Threshold))
            {
                foreach (var digest in digests)
                {
                    var reminder = verification.GetReminder(digest.Channel.Name);
                    digest.Stale.Add(verification, reminder?.NextAt(options.Value.RepeatAfter));
                }
            }
        }
    }

    [LoggerMessage(304, LogLevel.Error, "The report to {Channel} failed. The next run tries again")]
    private partial void ReportFailed(Exception exception, string channel);

    private sealed record ChannelDigests(
        IReportChannel Channel, DigestBuilder Stale, DigestBuilder Expired, DigestBuilder Failed);
}
