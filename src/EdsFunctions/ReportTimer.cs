using EdsFunctions.Core.Http;
using EdsFunctions.Core.Reporting;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The timer that runs the report.</summary>
public sealed class ReportTimer(StaleReport report)
{
    [Function(Functions.StaleVerificationReport)]
    public Task Run([TimerTrigger(Routes.StaleReportSchedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        report.RunAsync(cancellationToken);
}
