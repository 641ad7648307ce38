using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting;

/// <summary>
/// The timer's run: it times out abandoned sends, reports stale verifications, completes those that Alibaba shows as attached, closes
/// expired ones, and cleans up. Runs are idempotent and may overlap: every change is a compare-and-swap, and items that were not marked
/// as reported stay due. Each step is bounded in time and fails alone.
/// </summary>
public sealed partial class StaleReport(
    IVerificationStore store,
    VerificationWriter writer,
    VerificationService verifications,
    AttachmentService attachments,
    Reconciliation reconciliation,
    ReportChannels channels,
    Heartbeat heartbeat,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    ReportMetrics metrics,
    ILogger<StaleReport> logger)
{
    /// <summary>How many failed sends are looked at; the others follow once those are reported.</summary>
    private const int MaxFailed = 1000;

    /// <summary>How long a step may take. The next run goes on where it ended.</summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How far the clocks of this machine and of the store may differ.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>How long an expired verification stays open for a channel that rejects the notice of it.</summary>
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromDays(1);

    /// <summary>The digest for the log as of now, with the stale verifications that are not due; changes nothing.</summary>
    public async Task<StaleDigest> PreviewAsync(CancellationToken cancellationToken)
    {
        // Learns the time of the store.
        await store.GetOwnerSendsAsync(owner: null, cancellationToken);
        var now = store.UtcNow;
        var log = Digests(channels.All[0], now, dueOnly: false);
        await SelectAsync([log], now, mayExpire: true, cancellationToken);
        return log.Stale.Build();
    }

    /// <summary>One run. It does not throw if a channel rejects a notice: what the channel did not accept is due again.</summary>
    /// <exception cref="AggregateException">Steps have failed; each failure is logged, and the other steps were carried out.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsTelemetry.Source.StartActivity("stale report");
        var failures = new List<Exception>();
        var delivered = new HashSet<IReportChannel>();
        var mayExpire = false;
        // Learns the time of the store.
        await StepAsync("check the store", async cancel =>
        {
            await store.CheckAsync(cancel);
            mayExpire = store.ClockDifference.Duration() <= MaxClockDifference;
        });
        if (!mayExpire && failures.Count == 0)
        {
            ClockDiffers(store.ClockDifference);
        }

        await StepAsync("time out abandoned sends", cancel => verifications.GiveUpOrphansAsync(store.UtcNow, cancel));
        await StepAsync("report", cancel => ReportAsync(mayExpire, delivered, cancel));
        await StepAsync("reconcile", async cancel =>
        {
            await attachments.FollowUpAsync(cancel);
            await reconciliation.RunAsync(cancel);
        });
        if (mayExpire)
        {
            await StepAsync("expire", cancel => ExpireAsync(delivered, cancel));
            await StepAsync("clean up", cancel => store.TidyAsync(
                store.UtcNow - IdempotencyKey.KeptFor, verifications.KeepClosedFor is { } keep ? store.UtcNow - keep : null, cancel));
        }

        if (failures.Count > 0 || cancellationToken.IsCancellationRequested)
        {
            metrics.ReportFailed();
            cancellationToken.ThrowIfCancellationRequested();
            throw new AggregateException("The timer's run has failed in part.", failures);
        }

        if (channels.All.All(delivered.Contains))
        {
            await heartbeat.BeatAsync(cancellationToken);
        }

        async Task StepAsync(string name, Func<CancellationToken, Task> step)
        {
            using var timeout = new CancellationTokenSource(StepTimeout, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                both.Token.ThrowIfCancellationRequested();
                await step(both.Token);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                // The host stops; the next run does the rest.
            }
            catch (Exception e)
            {
                StepFailed(e, name);
                failures.Add(e);
            }
        }
    }

    /// <summary>Reports to every channel at the same time; each is marked as it accepts, and fails alone.</summary>
    private async Task ReportAsync(bool mayExpire, HashSet<IReportChannel> delivered, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        ChannelDigests[] all = [.. channels.All.Select(channel => Digests(channel, now, dueOnly: true))];
        await SelectAsync(all, now, mayExpire, cancellationToken);
        await SelectFailedAsync(all, now, cancellationToken);
        var results = await Task.WhenAll(all.Select(async one =>
        {
            try
            {
                return await ReportAsync(one, now, cancellationToken);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                StepFailed(e, $"report to {one.Channel.Name ?? "the log"}");
                return false;
            }
        }));
        delivered.UnionWith(all.Where((_, i) => results[i]).Select(one => one.Channel));
        metrics.ReportEnded(store.UtcNow, delivered.Count == all.Length, all[0].Stale.Build());
    }

    private async Task<bool> ReportAsync(ChannelDigests digests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var channel = digests.Channel;
        var report = await channel.ReportAsync(
            digests.Expired.Build(), digests.Failed.Build(), digests.Stale.Build(), cancellationToken);
        foreach (var item in report.Stale)
        {
            await MarkAsync(channel, item.Verification, current => current.MarkReported(now, channel.Name));
        }

        foreach (var item in report.Final)
        {
            await MarkAsync(channel, item.Verification, current => current.MarkGivenUp(now, channel.Name));
        }

        return report.Delivered;
    }

    /// <summary>Marks a verification as reported, unless it has been resent or closed since, or another run has marked it.</summary>
    private async Task MarkAsync(IReportChannel channel, Verification reported, Func<Verification, Verification> mark) =>
        await writer.ChangeAsync<object>(async _ =>
            await store.GetAsync(reported.Id, CancellationToken.None) is { } current
            && current.SendCount == reported.SendCount
            && current.MarkOf(channel.Name) == reported.MarkOf(channel.Name)
            && (current.Unanswered || current is { IsOpen: true, State: not VerificationState.Sending })
                ? new(mark(current))
                : new(Next: null));

    /// <summary>
    /// Closes expired verifications once every channel was told, and at the latest after a day; after that they do not stay open for a
    /// channel that fails, but still for one that names twenty at a time and has more to come.
    /// </summary>
    private async Task ExpireAsync(HashSet<IReportChannel> delivered, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        await foreach (var verification in verifications.ListExpiredAsync(now, cancellationToken))
        {
            if (verifications.IsInProgress(verification, now))
            {
                continue;
            }

            var isLate = verification.IsExpired(now, verifications.ExpireAfter + NoticeWithin);
            if (channels.All.All(channel => !channel.GetsFinalNotice
                || verification.MarkOf(channel.Name) is { Final: true }
                || (isLate && !delivered.Contains(channel))))
            {
                await verifications.ExpireAsync(verification, now);
            }
        }
    }

    private ChannelDigests Digests(IReportChannel channel, DateTimeOffset now, bool dueOnly) => new(
        channel,
        new DigestBuilder(now, options.Value.Threshold, dueOnly),
        new DigestBuilder(now, verifications.ExpireAfter, dueOnly),
        new DigestBuilder(now, TimeSpan.Zero, dueOnly));

    /// <summary>Adds every stale verification to the digests, and every expired one that a channel was not told of.</summary>
    private async Task SelectAsync(
        ChannelDigests[] digests, DateTimeOffset now, bool mayExpire, CancellationToken cancellationToken)
    {
        var (threshold, expireAfter) = (options.Value.Threshold, verifications.ExpireAfter);
        var since = now - (threshold < expireAfter ? threshold : expireAfter);
        await foreach (var listed in store.WaitingAsync(since, cancellationToken))
        {
            // What is being sent or attached now is left alone.
            if (verifications.IsInProgress(listed, now))
            {
                continue;
            }

            if (mayExpire && listed.IsExpired(now, expireAfter))
            {
                foreach (var digest in digests.Where(one =>
                    one.Channel.GetsFinalNotice && listed.MarkOf(one.Channel.Name) is not { Final: true }))
                {
                    digest.Expired.Add(listed.Expire(now, expireAfter)!, nextReportAt: null);
                }
            }
            // A run has timed out abandoned sends before; a preview has not.
            else if ((verifications.AsSwept(listed, now) ?? (mayExpire ? null : listed)) is { } verification
                && verification.IsStale(now, threshold))
            {
                foreach (var digest in digests)
                {
                    digest.Stale.Add(verification, verification.MarkOf(digest.Channel.Name)?.NextAt(options.Value.RepeatAfter));
                }
            }
        }
    }

    /// <summary>Adds the failed sends that no one was told of, also no channel.</summary>
    private async Task SelectFailedAsync(ChannelDigests[] digests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        foreach (var (_, failed) in await store.ListFailedAsync(now - IdempotencyKey.KeptFor, MaxFailed, cancellationToken))
        {
            foreach (var digest in digests.Where(one => failed is { Unanswered: true }
                && failed.MarkOf(one.Channel.Name) is not { Final: true }))
            {
                digest.Failed.Add(failed!, nextReportAt: null);
            }
        }
    }

    [LoggerMessage(301, LogLevel.Error, "The timer's step '{Step}' failed; the next run tries again")]
    private partial void StepFailed(Exception exception, string step);

    [LoggerMessage(302, LogLevel.Error,
        "The clock of this machine is {Difference} ahead of the store's: nothing is expired or removed. Set the clock")]
    private partial void ClockDiffers(TimeSpan difference);

    private sealed record ChannelDigests(IReportChannel Channel, DigestBuilder Stale, DigestBuilder Expired, DigestBuilder Failed);
}
