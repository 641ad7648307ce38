using System.Diagnostics;
using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Alibaba;

/// <summary>The bytes of a request to Alibaba are those of Alibaba's documentation and the official SDKs.</summary>
public sealed partial class EcdClientWireTests
{
    private static readonly CenTarget Target =
        new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));

    [Theory]
    [InlineData(null)]
    [InlineData("CAIS+example/token==", "x-acs-accesskey-id", "x-acs-security-token")]
    public async Task Send_ForTheCenOfAnotherAccount_SendsWhatTheOfficialSdkSends(
        string? securityToken, params string[] headersOfToken)
    {
        var request = await SentAsync(Target, securityToken);

        string[] signed =
        [
            "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
            .. headersOfToken,
        ];
        Assert.Equal(
            "POST /?ExtraInfo=%7B%22cenOwnerId%22%3A1234567890123456%2C%22cenId%22%3A%22cen-3weq30r6t0s7t4abcd%22%7D"
            + "&RegionId=cn-hangzhou&VerifyCodeAction=eds_cenID_securityverification HTTP/1.1",
            request.Line);
        Assert.Equal("", request.Body);
        Assert.Equal("SendVerifyCode", request.Header("x-acs-action"));
        Assert.Equal("2020-09-30", request.Header("x-acs-version"));
        Assert.Equal("2026-11-24T12:00:00Z", request.Header("x-acs-date"));
        Assert.Equal(Acs3Signer.EmptyBodySha256, request.Header("x-acs-content-sha256"));
        Assert.Equal("0", request.Header("Content-Length"));
        Assert.Equal("application/json", request.Header("Accept"));
        Assert.Equal(securityToken, request.Header("x-acs-security-token"));
        Assert.Equal(securityToken is null ? null : "testid", request.Header("x-acs-accesskey-id"));
        Assert.Matches(UserAgent, request.Header("User-Agent")!);
        Assert.Matches(Nonce, request.Header("x-acs-signature-nonce")!);
        var names = string.Join(';', signed.Order(StringComparer.Ordinal));
        Assert.Matches(
            $"^ACS3-HMAC-SHA256 Credential=testid,SignedHeaders={names},Signature=[0-9a-f]{{64}}$",
            request.Header("Authorization")!);
        string[] sent = ["accept", "authorization", "content-length", "user-agent", .. signed];
        Assert.Equal(sent.Order(StringComparer.Ordinal), Names(request));
    }

    [Theory]
    [InlineData("cen-1", "ExtraInfo=%7B%22cenId%22%3A%22cen-1%22%7D&")]
    [InlineData(null, "")]
    public async Task Send_WithoutOwnerOrCen_OmitsTheField(string? cenId, string extraInfo)
    {
        var request = await SentAsync(new CenTarget("cn-shanghai", cenId, null));

        Assert.Equal(
            $"POST /?{extraInfo}RegionId=cn-shanghai&VerifyCodeAction=eds_cenID_securityverification HTTP/1.1",
            request.Line);
    }

    [Fact]
    public async Task Send_WithinATrace_SendsNoTraceHeaders()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted());
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var activity = new Activity("a request to the app").SetIdFormat(ActivityIdFormat.W3C);
        activity.AddBaggage("who", "alice").Start().TraceStateString = "vendor=value";

        await ecd.SendAsync();

        Assert.Same(activity, Activity.Current);
        var request = Assert.Single(ecd.Requests);
        string[] headersOfTraces = ["traceparent", "tracestate", "baggage", "correlation-context", "request-id"];
        Assert.Empty(Names(request).Intersect(headersOfTraces));
        var traceId = activity.TraceId.ToString();
        Assert.DoesNotContain(request.Headers, header => header.Value.Contains(traceId, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cn-hangzhou", "https://ecd.cn-hangzhou.aliyuncs.com/")]
    [InlineData("cn-shanghai-finance-1", "https://ecd.cn-shanghai-finance-1.aliyuncs.com/")]
    public async Task Send_WithoutEndpointOverride_CallsTheHostOfTheRegion(string region, string expected)
    {
        using var handler = new RecordingHandler();
        await using var ecd = RunningEcdClient.StartAt(null, services => services
            .AddHttpClient("ecd").ConfigurePrimaryHttpMessageHandler(() => handler));

        await ecd.SendAsync(new CenTarget(region, "cen-1", new AccountId(1234567890123456)));

        Assert.Equal(
            $"{expected}?ExtraInfo=%7B%22cenOwnerId%22%3A1234567890123456%2C%22cenId%22%3A%22cen-1%22%7D"
            + $"&RegionId={region}&VerifyCodeAction=eds_cenID_securityverification",
            Assert.Single(handler.Urls));
    }

    private static async Task<RawHttpRequest> SentAsync(CenTarget target, string? securityToken = null)
    {
        await using var ecd = RunningEcdClient.Start(securityToken, null, EcdReplies.Accepted());
        Assert.NotNull((await ecd.SendAsync(target)).Response);
        return Assert.Single(ecd.Requests);
    }

    private static IEnumerable<string> Names(RawHttpRequest request) =>
        request.Headers.Select(header => header.Key.ToLowerInvariant()).Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\AEdsFunctions/\d+\.\d+\.\d+\z")]
    private static partial Regex UserAgent { get; }

    [GeneratedRegex(@"\A[0-9a-f-]{32,36}\z")]
    private static partial Regex Nonce { get; }

    /// <summary>
    /// Records the URLs of requests, and sends nothing, because tests must not call Alibaba's real host.
    /// </summary>
    private sealed class RecordingHandler : HttpMessageHandler
    {
        public List<string> Urls { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Urls.Add(request.RequestUri!.AbsoluteUri);
            var content = new StringContent("""{"RequestId":"1CBAFFAB"}""");
            return Task.FromResult(new HttpResponseMessage { Content = content });
        }
    }
}
