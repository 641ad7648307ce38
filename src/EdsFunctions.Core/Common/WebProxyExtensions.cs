using System.Net;

namespace EdsFunctions.Core.Common;

internal static class WebProxyExtensions
{
    /// <summary>
    /// Describes the proxy for a URL: its host and port, without credentials, and the environment variable that sets
    /// it. Null if there is none.
    /// </summary>
    public static string? Describe(this IWebProxy proxies, Uri url) =>
        !url.IsLoopback && !proxies.IsBypassed(url) && proxies.GetProxy(url) is { } proxy
            ? $"the proxy {proxy.Authority} of {url.Scheme.ToUpperInvariant()}_PROXY"
            : null;
}
