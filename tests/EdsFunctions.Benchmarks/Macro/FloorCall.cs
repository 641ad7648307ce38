using System.Net;
using System.Net.Http.Headers;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>The least that makes such a call: a signature, a bare invoker, and the answer read as bytes.</summary>
internal sealed class FloorCall(Uri endpoint) : IMacroCall
{
    public const string AccessKeyId = "testid";
    public const string AccessKeySecret = "testsecret";

    private static readonly AlibabaCredentials Credentials = new(AccessKeyId, AccessKeySecret);

    private readonly HttpMessageInvoker invoker = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    public static CenTarget Target { get; } = new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));

    public async Task CallAsync(int number)
    {
        using var request = SignedRequest();
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.OK || answer.Length == 0)
        {
            throw new InvalidOperationException($"A call was answered {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => invoker.Dispose();

    private HttpRequestMessage SignedRequest()
    {
        var date = TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        Span<Acs3Parameter> headers =
        [
            new("host", endpoint.Authority),
            new("x-acs-action", "SendVerifyCode"),
            new("x-acs-content-sha256", Acs3Signer.EmptyBodySha256),
            new("x-acs-date", date),
            new("x-acs-signature-nonce", Guid.NewGuid().ToString("N")),
            new("x-acs-version", "2020-09-30"),
        ];
        var signature = Acs3Signer.Sign(SendVerifyCodeParameters.Of(Target), headers, Credentials);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(
            $"{endpoint.Scheme}://{endpoint.Authority}/?{signature.Query}",
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Content = new ByteArrayContent([]),
        };
        foreach (var header in headers[1..])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        request.Headers.TryAddWithoutValidation("Authorization", signature.Authorization);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return request;
    }
}
