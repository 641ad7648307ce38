namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// A URL that a platform hands us, to say more later. It comes in from outside, so it is called only on the platform's own host, over
/// https: anything else could be a request that someone wants us to make in our own network.
/// </summary>
internal static class CallbackUrl
{
    /// <param name="url">What came.</param>
    /// <param name="host">The only host that is called.</param>
    /// <returns>Null for anything that is not on that host.</returns>
    public static Uri? On(string host, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? uri
            : null;
}
