using System.Collections.Concurrent;
using System.Diagnostics;
using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Maintenance;

/// <summary>A run of the timer as a whole: clean-up, cancellation and telemetry.</summary>
public sealed class TimerTests
{
    [Fact]
    public async Task Run_IdempotencyKeyOver48HoursOld_IsDeleted()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification, "delivery-1");
        var hash = verification.Request().HttpKey("delivery-1").Hash;

        await app.RunReportAsync(TimeSpan.FromHours(48));
        Assert.NotNull(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));

        await app.RunReportAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Run_Cancelled_CountsAsFailedAndLogsNothing()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            app.Services.GetRequiredService<MaintenanceRun>().RunAsync(cancelled.Token));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "failed")));
        Assert.Empty(app.Logged(eventId: 301));
        await app.RunReportAsync();
        Assert.NotEmpty(app.LoggedReports());
    }

    /// <summary>The metric is right even if the timer fires shortly before its time, and if a run fails.</summary>
    [Fact]
    public async Task Run_StartsBeforeItsTimeAndFails_MeasuresWhenTheNextIsDue()
    {
        CapturedMetrics? metrics = null;
        FakeTimeProvider? time = null;
        double? duringTheRun = null;
        await using var app = await EdsApp.StartAsync(configure: StoreDecorator.Around((method, call) =>
        {
            if (method != nameof(IVerificationStore.ListCurrentAsync))
            {
                return call();
            }

            duringTheRun = metrics!.Gauge("eds.report.next_due");
            time!.Advance(TimeSpan.FromSeconds(1));
            throw new IOException("The connection ended.");
        }));
        (metrics, time) = (new CapturedMetrics(app.Services), app.Time);
        using (metrics)
        {
            Assert.Null(metrics.Gauge("eds.report.next_due"));
            var quarter = time.GetUtcNow() + TimeSpan.FromMinutes(15);
            time.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(100));

            await Assert.ThrowsAsync<AggregateException>(app.RunReportAsync);

            Assert.Equal(quarter.ToUnixTimeSeconds(), duringTheRun);
            Assert.Equal(
                (quarter + TimeSpan.FromMinutes(15)).ToUnixTimeSeconds(), metrics.Gauge("eds.report.next_due"));
        }
    }

    [Fact]
    public async Task Run_Completes_IsAnActivity()
    {
        var started = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdsTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => started.Enqueue(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await EdsApp.StartAsync();

        await app.RunReportAsync();

        Assert.Contains("stale report", started);
    }
}
