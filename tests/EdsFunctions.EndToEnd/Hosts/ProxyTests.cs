namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// The app uses the proxy that environment variables name. Users asked for this in Alibaba's tools:
/// aliyun/aliyun-cli#249, aliyun/terraform-provider-alicloud#2568.
/// </summary>
public sealed class ProxyTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";
    private const string Password = "pr0xy-passw0rd";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("HTTPS_PROXY", "")]
    [InlineData("https_proxy", "localhost,.example.com")]
    public async Task Send_HttpsProxyIsSet_GoesThroughItAndLogsNoPassword(string variable, string exempt)
    {
        await using var proxy = StartProxy();
        await using var host = Start(proxy, variable, exempt);

        (await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification))
            .ShouldBeProblem(503, "not-sent");

        Assert.All(
            proxy.Requests,
            request => Assert.Equal("CONNECT ecd.cn-hangzhou.aliyuncs.com:443 HTTP/1.1", request.Line));
        Assert.Contains(proxy.Requests, request => request.Header("Proxy-Authorization") is not null);
        Assert.Equal(0, await host.TerminateAsync());
        Assert.Contains(
            $"the proxy {proxy.Url.Authority} of HTTPS_PROXY refused the connection to Alibaba",
            host.Output,
            StringComparison.Ordinal);
        Assert.DoesNotContain(Password, host.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NO_PROXY", ".invalid")]
    [InlineData("no_proxy", "localhost,ecd.invalid")]
    public async Task Send_NoProxyExemptsTheHost_GoesPastTheProxy(string variable, string exempt)
    {
        await using var proxy = StartProxy();
        await using var host = Start(proxy, "HTTPS_PROXY", exempt, variable, "https://ecd.invalid");

        (await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification))
            .ShouldBeProblem(503, "not-sent");

        Assert.Empty(proxy.Requests);
    }

    /// <summary>
    /// Starts a proxy that asks for credentials, and then rejects every tunnel, so that no request reaches Alibaba.
    /// </summary>
    private static RawHttpServer StartProxy() => RawHttpServer.Start(request => Task.FromResult(
        request.Header("Proxy-Authorization") is null
            ? RawHttpReply.Create(407, "text/html", "", ("Proxy-Authenticate", "Basic realm=\"proxy\""))
            : RawHttpReply.Create(403, "text/html", "")));

    private DevHostProcess Start(
        RawHttpServer proxy,
        string proxyVariable,
        string exempt,
        string exemptVariable = "NO_PROXY",
        string endpoint = "https://ecd.cn-hangzhou.aliyuncs.com") => DevHostProcess.Start(
        folder.Path,
        ["--urls", AnyPort, "--Alibaba:EndpointOverride", endpoint],
        new()
        {
            [proxyVariable] = $"http://user:{Password}@{proxy.Url.Authority}",
            [exemptVariable] = exempt,
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAIexample",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "example",
            ["Logging__LogLevel__Default"] = "Trace",
        });
}
