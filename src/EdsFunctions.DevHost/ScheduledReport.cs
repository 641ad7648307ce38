using Cronos;
using EdsFunctions.Core.Reporting;

namespace EdsFunctions.DevHost;

/// <summary>Runs the report on its schedule, as the timer trigger does in the Functions app: in UTC, one run at a time.</summary>
internal sealed class ScheduledReport(StaleReport report, IOptions<StaleReportOptions> options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var schedule = CronExpression.Parse(options.Value.Schedule, CronFormat.IncludeSeconds);
        while (schedule.GetNextOccurrence(time.GetUtcNow(), TimeZoneInfo.Utc) is { } next)
        {
            await UntilAsync(next, stoppingToken);
            try
            {
                await report.RunAsync(stoppingToken);
            }
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
            {
                // The report has logged it; the next run tries again.
            }
        }
    }

    private async Task UntilAsync(DateTimeOffset next, CancellationToken stoppingToken)
    {
        // A timer takes less than 50 days; and a clock that is set meanwhile is looked at now and then.
        var longest = TimeSpan.FromHours(1);
        while (next - time.GetUtcNow() is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait < longest ? wait : longest, time, stoppingToken);
        }
    }
}
