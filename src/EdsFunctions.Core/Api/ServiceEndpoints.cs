using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>Endpoints about the app itself, for anyone.</summary>
public sealed partial class ServiceEndpoints(
    IVerificationStore store, ICredentialSource credentials, ExceptionFilter filter, ILogger<ServiceEndpoints> logger)
{
    private static readonly string Description = ReadDescription();

    /// <summary>Whether the app can record and sign. The log says why not, not the response.</summary>
    public Task<IResult> Health(HttpRequest request) =>
        filter.RunAsync(request, async cancellationToken =>
        {
            try
            {
                await store.CheckAsync(cancellationToken);
                await credentials.GetAsync(cancellationToken);
                return EndpointResult.Json(StatusCodes.Status200OK, new HealthView("healthy"), EdsJson.Default.HealthView);
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Unhealthy(e is CredentialsUnavailableException ? e.Message : e.GetType().Name);
                return EndpointResult.Json(StatusCodes.Status503ServiceUnavailable, new HealthView("unhealthy"), EdsJson.Default.HealthView);
            }
        });

    /// <summary>The OpenAPI document.</summary>
    public Task<IResult> OpenApi(HttpRequest request) =>
        filter.RunAsync(request, _ => Task.FromResult(
            new EndpointResult(StatusCodes.Status200OK, "application/json; charset=utf-8", Description)));

    private static string ReadDescription()
    {
        using var stream = typeof(ServiceEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [LoggerMessage(903, LogLevel.Warning, "The app is not healthy: {Reason}")]
    private partial void Unhealthy(string reason);
}
