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
    /// <summary>The digest for the log as of now, with the stale verifications that are not due; changes nothing.</summary>
    public async Task<StaleDigest> PreviewAsync(CancellationToken cancellationToken)
    {
        var current = await store.ReadCurrentAsync(cancellationToken);
        var log = CreateDigests(channels.All[0], store.UtcNow, dueOnly: false);
        AddTo([log], current, store.UtcNow, mayExpire: true);
        return log.Stale.Build();
    }

    /// <summary>Reports to every channel at the same time; each is marked as it accepts, and fails alone.</summary>
    /// <param name="current">The current verifications.</param>
    /// <param name="mayExpire">Whether to give final notice of expired verifications.</param>
    /// <param name="cancellationToken">Cancels the report, and throws.</param>
    /// <returns>What was reported to each channel.</returns>
    internal async Task<IReadOnlyDictionary<IReportChannel, ChannelReport>> RunAsync(
        IReadOnlyList<Verification> current, bool mayExpire, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        ChannelDigests[] all = [.. channels.All.Select(channel => CreateDigests(channel, now, dueOnly: true))];
        AddTo(all, current, now, mayExpire);
        var reports = await Task.WhenAll(all.Select(one => ReportAsync(one, now, cancellationToken)));
        cancellationToken.ThrowIfCancellationRequested();
        metrics.ReportEnded(store.UtcNow, reports.All(report => report.IsComplete), all[0].Stale.Build());
        return channels.All.Zip(reports).ToDictionary();
    }

    /// <summary>
    /// Marks what the channel has accepted even if the rest fails or is cancelled, so that it is not sent again.
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
            .. report.Stale.Select(item => (item.Verification, Mark(current => current.MarkReported(now, channel.Name)))),
            .. report.Expired.Select(item => (item.Verification, Mark(current => current.MarkFinalNotice(now, channel.Name)))),
            .. report.Failed.Select(item => (item.Verification, Mark(current => current.MarkFailureReported(now, channel.Name)))),
        ];
        // One that was named twice is marked in one write: the second would find that another has marked it.
        foreach (var same in marks.GroupBy(one => one.Reported.Id))
        {
            var isMarked = await TryAsync(() => MarkAsync(
                channel, same.First().Reported, current => same.Aggregate(current, (next, one) => one.Mark(next))));
            if (!isMarked && cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        return report;

        static Func<Verification, Verification> Mark(Func<Verification, Verification> mark) => mark;

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

    /// <summary>Marks a verification as reported, unless it has been resent or closed since, or another run has marked it.</summary>
    private async Task MarkAsync(IReportChannel channel, Verification reported, Func<Verification, Verification> mark) =>
        await writer.ChangeAsync<object>(async _ =>
            await store.GetAsync(reported.Id, CancellationToken.None) is { } current
            && current.SendCount == reported.SendCount
            && current.GetReminder(channel.Name) == reported.GetReminder(channel.Name)
            && current.State != VerificationState.Sending
            && (current.IsOpen || (current.Unanswered && current.IsCurrent(store.UtcNow)))
                ? new(mark(current))
                : new(Next: null));

    private ChannelDigests CreateDigests(IReportChannel channel, DateTimeOffset now, bool dueOnly) => new(
        channel,
        new DigestBuilder(now, options.Value.Threshold, dueOnly),
        new DigestBuilder(now, rules.ExpireAfter, dueOnly),
        new DigestBuilder(now, TimeSpan.Zero, dueOnly));

    /// <summary>
    /// Adds to the digest of each channel the stale verifications, the expired ones that it was not told of, and the failed sends that
    /// neither it nor the caller was told of.
    /// </summary>
    private void AddTo(ChannelDigests[] digests, IReadOnlyList<Verification> current, DateTimeOffset now, bool mayExpire)
    {
        foreach (var listed in current)
        {
            foreach (var digest in digests.Where(one => listed.IsFailureUnreported(one.Channel.Name)))
            {
                digest.Failed.Add(listed, nextReportAt: null);
            }

            // What is being sent or attached now is left alone.
            if (!listed.IsOpen || listed.IsInProgress(now, rules))
            {
                continue;
            }

            // The run has timed out abandoned sends before; a preview has not.
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
                    digest.Stale.Add(verification, verification.GetReminder(digest.Channel.Name)?.NextAt(options.Value.RepeatAfter));
                }
            }
        }
    }

    [LoggerMessage(304, LogLevel.Error, "The report to {Channel} failed; the next run tries again")]
    private partial void ReportFailed(Exception exception, string channel);

    private sealed record ChannelDigests(IReportChannel Channel, DigestBuilder Stale, DigestBuilder Expired, DigestBuilder Failed);
}
