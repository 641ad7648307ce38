using EdsFunctions.Core.Api;
using EdsFunctions.Core.Maintenance;
using EdsFunctions.Core.Notifications;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The timer that reports stale verifications, and the HTTP trigger that previews its report.</summary>
[Tags("Reports")]
public sealed class ReportTriggers(ReportEndpoints reports, MaintenanceRun maintenance)
{
    [Function(nameof(StaleVerificationReport))]
    public Task StaleVerificationReport(
        [TimerTrigger($"%{StaleReportOptions.ScheduleSetting}%")] TimerInfo timer,
        CancellationToken cancellationToken) =>
        maintenance.RunAsync(cancellationToken);

    /// <summary>Preview the report of stale verifications</summary>
    /// <remarks>Returns the stale verifications that the timer would report now. Changes and sends nothing.</remarks>
    [Function(nameof(GetStaleReport))]
    [ProducesResponseType<StaleReportView>(200, Description = "The report.")]
    public Task<IResult> GetStaleReport(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reports/stale")] HttpRequest request) =>
        reports.GetStaleReport(request);
}
