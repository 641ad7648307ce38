using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Api;

/// <summary>HTTP endpoint of the report.</summary>
public sealed class ReportEndpoints(StaleReport report, ExceptionFilter filter)
{
    /// <summary>Previews what the timer would report now; changes and sends nothing.</summary>
    public Task<IResult> GetStaleReport(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken => EndpointResult.Json(
            StatusCodes.Status200OK,
            StaleReportView.Create(await report.PreviewAsync(cancellationToken)),
            ReportJson.Default.StaleReportView));
}
