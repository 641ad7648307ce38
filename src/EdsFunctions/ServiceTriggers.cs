using EdsFunctions.Core.Api;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers about the app itself, for everyone.</summary>
[Tags("Service")]
public sealed class ServiceTriggers(ServiceEndpoints service)
{
    /// <summary>Get the health of the app</summary>
    /// <remarks>Whether it can record a verification and sign a request. The log says why not.</remarks>
    [Function(nameof(Health))]
    [ProducesResponseType<HealthView>(200, Description = "It can.")]
    [ProducesResponseType<HealthView>(503, Description = "It cannot.")]
    public Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        service.Health(request);

    /// <summary>Get this document</summary>
    [Function(nameof(OpenApi))]
    [ProducesResponseType<JsonObject>(200, Description = "This document.")]
    public Task<IResult> OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        service.OpenApi(request);
}
