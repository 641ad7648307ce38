using EdsFunctions.Core.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers that say something of the app itself; the work is in <see cref="ServiceEndpoints"/>.</summary>
public sealed class ServiceTriggers(ServiceEndpoints endpoints)
{
    [Function(Functions.Health)]
    public Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Health)] HttpRequest request) =>
        endpoints.HealthAsync(request);

    [Function(Functions.OpenApi)]
    public Task<IResult> OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.OpenApi)] HttpRequest request) =>
        endpoints.OpenApiAsync(request);
}
