using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// The timer's run. Runs are idempotent and may overlap: every change is a compare-and-swap, and items that were not marked as reported
/// stay due. The verifications are read once. Each step is bounded in time and fails alone.
/// </summary>
public sealed partial class MaintenanceRun(
    IVerificationStore store,
    TimeOutAbandonedSends timeOutAbandonedSends,
    StaleReport report,
    CompleteAcceptedAttachments completeAcceptedAttachments,
    Reconcile reconcile,
    ExpireVerifications expireVerifications,
    CleanUp cleanUp,
    Heartbeat heartbeat,
    TimeProvider time,
    ReportMetrics metrics,
    ILogger<MaintenanceRun> logger)
{
    /// <summary>How long a step may take. The next run goes on where it ended.</summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromMinutes(2);

    /// <summary>How far the clocks of this machine and of the store may differ.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>One run. It does not throw if a channel rejects a notice: what the channel did not accept is due again.</summary>
    /// <exception cref="AggregateException">Steps have failed; each failure is logged, and the other steps were carried out.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsTelemetry.Source.StartActivity("stale report");
        var failures = new List<Exception>();
        IReadOnlyList<Verification>? current = null;
        IReadOnlyDictionary<IReportChannel, ChannelReport>? reports = null;

        await StepAsync("read the verifications", async cancel => current = await store.ReadCurrentAsync(cancel));
        if (current is not null)
        {
            var mayExpire = CompareClocks();
            await StepAsync("time out abandoned sends", cancel => timeOutAbandonedSends.RunAsync(current, cancel));
            await StepAsync("report", async cancel => reports = await report.RunAsync(current, mayExpire, cancel));
            await StepAsync("complete accepted attachments", cancel => completeAcceptedAttachments.RunAsync(current, cancel));
            await StepAsync("reconcile", cancel => reconcile.RunAsync(current, cancel));
            // Without a report it is not known what a channel was told.
            if (mayExpire && reports is not null)
            {
                await StepAsync("expire", cancel => expireVerifications.RunAsync(current, reports, cancel));
            }

            if (mayExpire)
            {
                await StepAsync("clean up", cleanUp.RunAsync);
            }
        }

        if (failures.Count > 0 || cancellationToken.IsCancellationRequested)
        {
            metrics.ReportFailed();
            cancellationToken.ThrowIfCancellationRequested();
            throw new AggregateException("The timer's run has failed in part.", failures);
        }

        if (reports!.Values.All(one => one.IsComplete))
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

    /// <summary>Whether the clock of this machine is right enough to expire and remove verifications.</summary>
    private bool CompareClocks()
    {
        var difference = store.ClockDifference;
        if (difference.Duration() <= MaxClockDifference)
        {
            return true;
        }

        ClockDiffers(difference);
        return false;
    }

    [LoggerMessage(301, LogLevel.Error, "The timer's step '{Step}' failed; the next run tries again")]
    private partial void StepFailed(Exception exception, string step);

    [LoggerMessage(302, LogLevel.Error,
        "The clock of this machine is {Difference} ahead of the store's: nothing is expired or removed. Set the clock")]
    private partial void ClockDiffers(TimeSpan difference);
}
