using EdsFunctions.Core.Maintenance;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.DevHost;

/// <summary>
/// Replaces the timer trigger of the Functions app: runs the report on its schedule, in UTC and one run at a time.
/// </summary>
internal sealed class ScheduledReport(
    MaintenanceRun maintenance, IOptions<StaleReportOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitUntilAsync(options.Value.NextRunAfter(time.GetUtcNow()), stoppingToken);
            try
            {
                await maintenance.RunAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The run itself has logged the exception. The next run tries again.
            }
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset next, CancellationToken stoppingToken)
    {
        // Wait for an hour at most: Task.Delay accepts less than 50 days, and the clock may be changed while it waits.
        var longest = TimeSpan.FromHours(1);
        while (next - time.GetUtcNow() is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait < longest ? wait : longest, time, stoppingToken);
        }
    }
}
