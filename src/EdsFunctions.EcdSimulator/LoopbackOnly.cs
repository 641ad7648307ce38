namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Refuses requests to a server of this machine that a web page can cause: those with a foreign <c>Host</c>, which reach it by DNS
/// rebinding, and those with a foreign <c>Origin</c>.
/// </summary>
public static class LoopbackOnly
{
    /// <param name="app">The server, which listens on loopback addresses.</param>
    /// <param name="otherHosts">The end of further host names that are accepted, such as <c>.aliyuncs.com</c>; null for none.</param>
    public static void UseLoopbackOnly(this IApplicationBuilder app, string? otherHosts = null) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var origin = request.Headers.Origin;
        if (IsLocal($"http://{request.Host}", otherHosts) && (origin.Count == 0 || origin.All(one => IsLocal(one, null))))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        await context.Response.WriteAsync("This server is for this machine only: use http://127.0.0.1 or http://localhost.\n");
    });

    private static bool IsLocal(string? address, string? otherHosts) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.IsLoopback || (otherHosts is not null && uri.Host.EndsWith(otherHosts, StringComparison.OrdinalIgnoreCase)));
}
