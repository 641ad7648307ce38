using EdsFunctions.Core.Api;
using EdsFunctions.Core.Maintenance;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The timer that runs the report.</summary>
public sealed class ReportTimer(MaintenanceRun maintenance)
{
    [Function(Functions.StaleVerificationReport)]
    public Task Run([TimerTrigger(Routes.StaleReportSchedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        maintenance.RunAsync(cancellationToken);
}
