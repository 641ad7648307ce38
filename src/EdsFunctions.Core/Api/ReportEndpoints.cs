using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP side of the report.</summary>
public sealed class ReportEndpoints(StaleReport report, ExceptionFilter filter)
{
    /// <summary>What the timer would report now; changes and sends nothing.</summary>
    public Task<IResult> GetStaleReport(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken => EndpointResult.Json(
            StatusCodes.Status200OK,
            StaleReportView.Create(await report.PreviewAsync(cancellationToken)),
            ReportJson.Default.StaleReportView));
}
