using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>The HTTP endpoints about the app itself: its health, and its OpenAPI document.</summary>
public sealed partial class ServiceEndpoints(
    IVerificationStore store,
    ICredentialSource credentials,
    ClosedSections closed,
    ExceptionFilter filter,
    TelemetryFlush telemetry,
    ILogger<ServiceEndpoints> logger)
{
    private static readonly string Document = ReadDocument();

    /// <summary>
    /// Checks whether the store and the Alibaba access key are available. If not, only the log has the reason.
    /// </summary>
    public Task<IResult> Health(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            try
            {
                await store.CheckAsync(cancellationToken);
                await credentials.GetAsync(cancellationToken);
                return Respond(StatusCodes.Status200OK, "healthy");
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Unhealthy(e is CredentialsUnavailableException ? e.Message : e.GetBaseException().GetType().Name);
                telemetry.RunSoon();
                return Respond(StatusCodes.Status503ServiceUnavailable, "unhealthy");
            }
        });

    public Task<IResult> OpenApi(HttpRequest request) =>
        filter.RunAsync(request, _ => Task.FromResult(
            new EndpointResult(StatusCodes.Status200OK, "application/json; charset=utf-8", Document)));

    private EndpointResult Respond(int status, string health) => EndpointResult.Json(
        status,
        new HealthView(health, closed.All is { Count: > 0 } sections ? sections : null),
        EdsJson.Default.HealthView);

    private static string ReadDocument()
    {
        using var stream = typeof(ServiceEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LoggerMessage(903, LogLevel.Warning, "GET health found that the app is unhealthy: {Reason}")]
    private partial void Unhealthy(string reason);
}
