using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP endpoint that previews the report of stale verifications.</summary>
public sealed class ReportEndpoints(StaleReport report, ExceptionFilter filter)
{
    /// <summary>Returns the report that the timer would send now. Changes nothing, and sends nothing.</summary>
    public Task<IResult> GetStaleReport(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken => EndpointResult.Json(
            StatusCodes.Status200OK,
            StaleReportView.Create(await report.PreviewAsync(cancellationToken)),
            ReportJson.Default.StaleReportView));
}
