namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// One Alibaba with two access keys, of which the old one can be deactivated: a simulator for each key, behind a handler that
/// takes a request to the one that knows its key. Once the old key is deactivated all requests go to the other, which refuses
/// it.
/// </summary>
internal sealed class KeyRotation(SimulatorServer old, string oldKeyId, SimulatorServer fresh)
{
    private volatile bool deactivated;

    public void DeactivateTheOldKey() => deactivated = true;

    /// <summary>Puts this before the calls of an app; the address that they are signed for stays what it is.</summary>
    public void Apply(IServiceCollection services) =>
        services.AddHttpClient(EcdTransport.HttpClientName).AddHttpMessageHandler(() => new Handler(this));

    private Uri For(HttpRequestMessage request)
    {
        var authorization = request.Headers.GetValues("Authorization").Single();
        return !deactivated && authorization.Contains($"Credential={oldKeyId},", StringComparison.Ordinal) ? old.Url : fresh.Url;
    }

    private sealed class Handler(KeyRotation rotation) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var signed = request.RequestUri!;
            request.Headers.Host = signed.Authority;
            request.RequestUri = new Uri(
                rotation.For(request).GetLeftPart(UriPartial.Authority) + signed.PathAndQuery,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            return base.SendAsync(request, cancellationToken);
        }
    }
}
