using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A run of the timer. Runs are idempotent and may overlap: every change is a compare-and-swap, and verifications that
/// were not marked as reported stay due. A run reads the verifications once. Each step has a timeout, and runs even if
/// another step fails.
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
    IOptions<StaleReportOptions> options,
    ReportMetrics metrics,
    TelemetryFlush telemetry,
    ILogger<MaintenanceRun> logger)
{
    /// <summary>The timeout of a step. If a step times out, the next run continues its work.</summary>
    internal static readonly TimeSpan StepTimeout = TimeSpan.FromMinutes(2);

    /// <summary>The maximum difference between the clocks of this machine and of the store.</summary>
    private static readonly TimeSpan MaxClockDifference = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Runs all steps. A notice that a channel rejects is not a failure of its step: the notice stays due.
    /// </summary>
    /// <exception cref="AggregateException">A step failed. Each failure is logged.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Set the metric before the steps. If this run crashes, an alert can still detect that the next run is late.
        metrics.RecordNextDue(options.Value.NextRunAfter(time.GetUtcNow()));
        try
        {
            await RunStepsAsync(cancellationToken);
        }
        finally
        {
            // Set the metric again. If the timer fired slightly early, the first calculation returned the time of this
            // run.
            metrics.RecordNextDue(options.Value.NextRunAfter(time.GetUtcNow()));
            await telemetry.RunAsync();
        }
    }

    private async Task RunStepsAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsTelemetry.Source.StartActivity("stale report");
        var failures = new List<Exception>();
        IReadOnlyList<Verification>? current = null;
        IReadOnlyDictionary<IReportChannel, ChannelReport>? reports = null;

        await RunStepAsync("read the verifications", async cancel => current = await store.ReadCurrentAsync(cancel));
        if (current is not null)
        {
            var mayExpire = IsClockAccurate();
            await RunStepAsync("time out abandoned sends", cancel => timeOutAbandonedSends.RunAsync(current, cancel));
            await RunStepAsync("report", async cancel => reports = await report.RunAsync(current, mayExpire, cancel));
            await RunStepAsync(
                "complete accepted attachments", cancel => completeAcceptedAttachments.RunAsync(current, cancel));
            await RunStepAsync("reconcile", cancel => reconcile.RunAsync(current, cancel));
            // If the report failed, a channel may not have got the notice that a verification expires.
            if (mayExpire && reports is not null)
            {
                await RunStepAsync("expire", cancel => expireVerifications.RunAsync(current, reports, cancel));
            }

            if (mayExpire)
            {
                await RunStepAsync("clean up", cleanUp.RunAsync);
            }
        }

        var isFinished = failures.Count == 0 && !cancellationToken.IsCancellationRequested;
        var isSuccess = isFinished && reports!.Values.All(report => report.IsComplete);
        metrics.RecordRun(store.UtcNow, isSuccess);
        if (!isFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new AggregateException("Steps of the timer's run failed: the log events 301 name them.", failures);
        }

        if (isSuccess)
        {
            await heartbeat.SendAsync(cancellationToken);
        }

        async Task RunStepAsync(string name, Func<CancellationToken, Task> step)
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
                // The host is stopping; the next run continues.
            }
            catch (Exception e)
            {
                StepFailed(e, name);
                failures.Add(e);
            }
        }
    }

    /// <summary>Whether the clock of this machine is accurate enough to expire and delete verifications.</summary>
    private bool IsClockAccurate()
    {
        var difference = store.ClockDifference;
        if (difference.Duration() <= MaxClockDifference)
        {
            return true;
        }

        ClockDiffers(difference);
        return false;
    }

    [LoggerMessage(301, LogLevel.Error, "The step '{Step}' of the timer's run failed. The next run tries again")]
    private partial void StepFailed(Exception exception, string step);

    [LoggerMessage(302, LogLevel.Error,
        "The clock of this machine is {Difference} ahead of the store's clock. Until the clocks agree, the timer "
        + "expires and deletes nothing. Set the clock of this machine")]
    private partial void ClockDiffers(TimeSpan difference);
}
