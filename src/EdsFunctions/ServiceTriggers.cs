using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The HTTP triggers about the app itself, which need no function key.</summary>
[Tags("Service")]
public sealed class ServiceTriggers(ServiceEndpoints service)
{
    /// <summary>Get the health of the app</summary>
    /// <remarks>
    /// Checks the verification store and the access key. If one of them is unavailable, only the app's log has the
    /// reason.
    /// </remarks>
    [Function(nameof(Health))]
    [ProducesResponseType<HealthView>(200, Description = "The app is healthy.")]
    [ProducesResponseType<HealthView>(503, Description = "The store or the access key is unavailable.")]
    public Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health")] HttpRequest request) =>
        service.Health(request);

    /// <summary>Get this OpenAPI document</summary>
    [Function(nameof(OpenApi))]
    [ProducesResponseType<JsonObject>(200, Description = "This OpenAPI document.")]
    public Task<IResult> OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "openapi.json")] HttpRequest request) =>
        service.OpenApi(request);
}
