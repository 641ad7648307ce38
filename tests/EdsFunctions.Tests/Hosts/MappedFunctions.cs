using EdsFunctions.DevHost;
using Microsoft.AspNetCore.Routing;

namespace EdsFunctions.Tests.Hosts;

/// <summary>What the development host answers to.</summary>
internal static class MappedFunctions
{
    /// <summary>
    /// Method and route are those that the routing goes by; only name and level are what the host says of itself.
    /// </summary>
    public static async Task<IReadOnlyList<MappedFunction>> ReadAsync()
    {
        await using var app = await EdsApp.StartAsync();
        return [.. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>().Select(Read)];
    }

    private static MappedFunction Read(RouteEndpoint endpoint)
    {
        const string Prefix = $"/{Routes.Prefix}/";
        var route = endpoint.RoutePattern.RawText ?? "";
        Assert.StartsWith(Prefix, route, StringComparison.Ordinal);
        return endpoint.Metadata.GetRequiredMetadata<MappedFunction>() with
        {
            Method = Assert.Single(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods),
            Route = route[Prefix.Length..],
        };
    }
}
