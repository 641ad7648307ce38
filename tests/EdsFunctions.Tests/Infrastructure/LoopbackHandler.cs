namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Redirects all requests to an HTTP server on loopback.</summary>
internal sealed class LoopbackHandler(Uri server)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
{
    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Host = request.RequestUri!.Authority;
        request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
