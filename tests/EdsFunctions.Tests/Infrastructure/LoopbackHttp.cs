namespace EdsFunctions.Tests.Infrastructure;

/// <summary>HTTP as a caller speaks it, without anything that repeats, follows or remembers.</summary>
internal static class LoopbackHttp
{
    private static readonly HttpMessageInvoker Invoker = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
    });

    public static Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Invoker.SendAsync(request, cancellationToken);
}
