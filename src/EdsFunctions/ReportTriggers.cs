using EdsFunctions.Core.Http;
using EdsFunctions.Core.Reporting;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>Triggers of the report: the timer runs it, the HTTP trigger shows what it would say.</summary>
public sealed class ReportTriggers(StaleReport report, ReportEndpoints endpoints)
{
    [Function(Functions.StaleVerificationReport)]
    public Task Run([TimerTrigger(Routes.StaleReportSchedule)] TimerInfo timer, CancellationToken cancellationToken) =>
        report.RunAsync(cancellationToken);

    [Function(Functions.GetStaleReport)]
    public Task<IResult> GetStale(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.StaleReport)] HttpRequest request) =>
        endpoints.GetStaleAsync(request);
}
