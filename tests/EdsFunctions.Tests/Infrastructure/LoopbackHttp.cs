using System.Collections.Concurrent;
using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Sends HTTP requests to this machine, without redirects, cookies and a proxy.</summary>
internal static class LoopbackHttp
{
    private static readonly ConcurrentDictionary<string, SecrecyCheck> Checks = new();

    private static readonly HttpMessageInvoker Invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    /// <summary>Makes a check examine all responses of a server. Null removes the check.</summary>
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
