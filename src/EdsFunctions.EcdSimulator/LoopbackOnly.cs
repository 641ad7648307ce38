namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Protects a server that listens on loopback from web pages in a browser. Rejects requests whose <c>Host</c> (DNS
/// rebinding) or <c>Origin</c> is not this machine.
/// </summary>
public static class LoopbackOnly
{
    /// <param name="app">A server that listens on loopback addresses.</param>
    /// <param name="hostSuffix">
    /// A suffix, such as <c>.aliyuncs.com</c>, of other hosts to accept; null for none.
    /// </param>
    public static void UseLoopbackOnly(this IApplicationBuilder app, string? hostSuffix = null) =>
        app.Use(async (context, next) =>
        {
            var request = context.Request;
            var origins = request.Headers.Origin;
            if (IsAccepted($"http://{request.Host}", hostSuffix) && origins.All(origin => IsAccepted(origin, null)))
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            await context.Response.WriteAsync(
                "The Host or Origin of the request is not this machine: use http://127.0.0.1 or http://localhost.\n");
        });

    private static bool IsAccepted(string? address, string? hostSuffix) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.IsLoopback
            || (hostSuffix is not null && uri.Host.EndsWith(hostSuffix, StringComparison.OrdinalIgnoreCase)));
}
