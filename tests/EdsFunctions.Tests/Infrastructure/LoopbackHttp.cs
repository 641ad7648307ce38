using System.Collections.Concurrent;
using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Sends requests without redirects, cookies and proxy.</summary>
internal static class LoopbackHttp
{
    private static readonly ConcurrentDictionary<string, SecrecyCheck> Checks = new();

    private static readonly HttpMessageInvoker Invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Passes the responses of a server to a check; null removes the check.</summary>
    public static void Watch(Uri server, SecrecyCheck? check)
    {
        if (check is null)
        {
            Checks.TryRemove(server.Authority, out _);
        }
        else
        {
            Checks[server.Authority] = check;
        }
    }

    public static async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await Invoker.SendAsync(request, cancellationToken);
        if (Checks.TryGetValue(request.RequestUri!.Authority, out var check))
        {
            await check.AddAsync(request, response);
        }

        return response;
    }
}
