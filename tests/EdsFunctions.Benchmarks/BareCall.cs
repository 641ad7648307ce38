using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Benchmarks;

/// <summary>The least code that makes the call: a signature, an invoker, and the body read as bytes.</summary>
internal sealed class BareCall(Uri endpoint) : ICall
{
    public const string AccessKeyId = "testid";
    public const string AccessKeySecret = "testsecret";

    private static readonly AlibabaCredentials Credentials = new(AccessKeyId, AccessKeySecret);

    private readonly HttpMessageInvoker invoker = CreateInvoker();

    public static CenTarget Target { get; } =
        new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));

    public static HttpMessageInvoker CreateInvoker() =>
        new(new SocketsHttpHandler { UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null });

    public async Task CallAsync(int number)
    {
        using var request = CreateRequest();
        using var response = await invoker.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException($"The simulator returned {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => invoker.Dispose();

    private HttpRequestMessage CreateRequest()
    {
        var date = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        Acs3Parameter[] headers =
        [
            new("host", endpoint.Authority),
            new("x-acs-action", "SendVerifyCode"),
            new("x-acs-content-sha256", Acs3Signer.EmptyBodySha256),
            new("x-acs-date", date),
            new("x-acs-signature-nonce", Guid.NewGuid().ToString("N")),
            new("x-acs-version", "2020-09-30"),
        ];
        var signature = Acs3Signer.Sign(EcdParameters.SendVerifyCode(Target), headers, Credentials);
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
