using EdsFunctions.Core.Alibaba.Credentials;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Http;

/// <summary>What is said of the app itself, to anyone who asks.</summary>
public sealed class ServiceEndpoints(
    IVerificationStore store, ICredentialSource credentials, EndpointGuard guard, ILogger<ServiceEndpoints> logger)
{
    private static readonly Lazy<string> Description = new(ReadDescription);

    /// <summary>Whether the app can record and sign: GET, 200 or 503. Why not is in the log, not in the answer.</summary>
    public Task<IResult> HealthAsync(HttpRequest request) =>
        guard.RunAsync(Functions.Health, request, async () =>
        {
            try
            {
                await store.CheckAsync(request.HttpContext.RequestAborted);
                await credentials.GetAsync(request.HttpContext.RequestAborted);
                return Answer.Json(StatusCodes.Status200OK, new HealthView("healthy"), EdsJson.Default.HealthView);
            }
            catch (Exception e) when (!request.HttpContext.RequestAborted.IsCancellationRequested)
            {
                logger.Unhealthy(e is CredentialsUnavailableException ? e.Message : e.GetType().Name);
                return Answer.Json(StatusCodes.Status503ServiceUnavailable, new HealthView("unhealthy"), EdsJson.Default.HealthView);
            }
        });

    /// <summary>The OpenAPI description of all endpoints: GET.</summary>
    public Task<IResult> OpenApiAsync(HttpRequest request) =>
        guard.RunAsync(Functions.OpenApi, request, () => Task.FromResult(
            new Answer(StatusCodes.Status200OK, "application/json; charset=utf-8", Description.Value)));

    private static string ReadDescription()
    {
        using var stream = typeof(ServiceEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
