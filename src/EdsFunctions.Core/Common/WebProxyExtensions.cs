using System.Net;

namespace EdsFunctions.Core.Common;

internal static class WebProxyExtensions
{
    /// <summary>
    /// Describes, for error messages, the proxy for a URL: its host and port, and the environment variable that sets
    /// it, but no password. Null if the URL has no proxy.
    /// </summary>
    public static string? Describe(this IWebProxy proxies, Uri url) =>
        !url.IsLoopback && !proxies.IsBypassed(url) && proxies.GetProxy(url) is { } proxy
            ? $"the proxy {proxy.Authority} of {url.Scheme.ToUpperInvariant()}_PROXY"
            : null;
}
