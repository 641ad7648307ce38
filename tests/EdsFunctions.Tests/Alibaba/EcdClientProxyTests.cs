namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// Calls of Alibaba through a proxy (aliyun/aliyun-cli#249). In the app, .NET reads the proxy from HTTPS_PROXY,
/// HTTP_PROXY and NO_PROXY. These tests register a proxy instead.
/// </summary>
public sealed class EcdClientProxyTests
{
    private const string Password = "pr0xy-passw0rd";

    private static readonly Uri PlainEndpoint = new("http://alibaba.test:8080");

    [Theory]
    [InlineData(null, true)]
    [InlineData("https://alibaba.example.com", true)]
    [InlineData("http://10.0.0.4:7072", true)]
    [InlineData("http://127.0.0.1:7072", false)]
    [InlineData("https://127.1.2.3", false)]
    [InlineData("http://localhost:7072", false)]
    [InlineData("http://[::1]:7072", false)]
    public void CreateHandler_Endpoint_UsesTheProxyUnlessItIsLoopback(string? endpoint, bool usesProxy)
    {
        using var handler = EcdTransport.CreateHandler(
            new AlibabaOptions { EndpointOverride = endpoint is null ? null : new Uri(endpoint) }, new WebProxy());

        Assert.Equal(usesProxy, handler.UseProxy);
    }

    /// <summary>If the proxy opened no tunnel, nothing was sent to Alibaba, so another attempt is safe.</summary>
    [Theory]
    [InlineData(403)]
    [InlineData(407)]
    [InlineData(502)]
    [InlineData(503)]
    public async Task Send_ProxyRefusesTheTunnel_ReturnsNotSentAfterThree(int status)
    {
        await using var proxy = RawHttpServer.Start(RawHttpReply.Create(status, "text/html", "<html>Denied"));
        await using var ecd = StartBehind(proxy.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        Assert.Equal(
            new EcdFailure.NotSent(
                $"the proxy {proxy.Url.Authority} of HTTPS_PROXY refused the connection to Alibaba"),
            (await send).Failure);
        Assert.Equal(3, proxy.Requests.Count);
        Assert.All(
            proxy.Requests,
            request => Assert.Equal("CONNECT ecd.cn-hangzhou.aliyuncs.com:443 HTTP/1.1", request.Line));
    }

    [Theory]
    [InlineData(null, "HTTPS_PROXY")]
    [InlineData("http://alibaba.test:8080", "HTTP_PROXY")]
    public async Task Send_ProxyIsDown_NamesTheProxyAndTheVariable(string? endpoint, string variable)
    {
        using var port = new UnusedPort();
        await using var ecd = StartBehind(port.Url, endpoint is null ? null : new Uri(endpoint));

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        Assert.Equal(
            new EcdFailure.NotSent($"the connection to the proxy {port.Url.Authority} of {variable} failed"),
            (await send).Failure);
    }

    [Fact]
    public async Task Send_ProxyClosesTheConnection_ReturnsNotSent()
    {
        await using var proxy = RawHttpServer.Start(RawHttpReply.Closes);
        await using var ecd = StartBehind(proxy.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        Assert.IsType<EcdFailure.NotSent>((await send).Failure);
    }

    [Fact]
    public async Task Send_ProxyHangs_ReturnsNotSent()
    {
        await using var proxy = RawHttpServer.Start(RawHttpReply.Hangs);
        await using var ecd = StartBehind(proxy.Url);

        var send = ecd.SendAsync();
        await proxy.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Timeout);

        Assert.IsType<EcdFailure.NotSent>((await send).Failure);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task Send_ProxyWithCredentials_LogsThemNowhere()
    {
        await using var proxy = RawHttpServer.Start(request => Task.FromResult(
            request.Header("Proxy-Authorization") is null
                ? RawHttpReply.Create(407, "text/html", "", ("Proxy-Authenticate", "Basic realm=\"proxy\""))
                : RawHttpReply.Create(502, "text/html", "")));
        await using var ecd = StartBehind(proxy.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        var failure = (await send).Failure;
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"user:{Password}"));
        Assert.Contains(proxy.Requests, request => request.Header("Proxy-Authorization") == $"Basic {basic}");
        Assert.All([Password, basic], secret =>
        {
            Assert.DoesNotContain(secret, $"{failure}", StringComparison.Ordinal);
            Assert.DoesNotContain(
                ecd.Log, entry => $"{entry.Message} {entry.Exception}".Contains(secret, StringComparison.Ordinal));
        });
    }

    /// <summary>
    /// For plain HTTP, the proxy gets the whole request. If the proxy responds itself, Alibaba may still have got the
    /// request.
    /// </summary>
    [Fact]
    public async Task Send_ProxyOfAPlainEndpointFails_ReturnsUnknownAndSendsOnce()
    {
        await using var proxy = RawHttpServer.Start(
            RawHttpReply.Create(407, "text/html", "", ("Proxy-Authenticate", "Basic realm=\"proxy\"")));
        await using var ecd = StartBehind(proxy.Url, PlainEndpoint);

        Assert.IsType<EcdFailure.Unknown>((await ecd.SendAsync()).Failure);
        Assert.Single(proxy.Requests);
    }

    [Fact]
    public async Task Send_ProxyOfAPlainEndpoint_KeepsTheSignedQuery()
    {
        await using var proxy = RawHttpServer.Start(EcdReplies.Accepted());
        await using var ecd = StartBehind(proxy.Url, PlainEndpoint);

        Assert.NotNull((await ecd.SendAsync(new CenTarget("cn-hangzhou", "cen-1", null))).Response);

        Assert.Equal(
            "POST http://alibaba.test:8080/?ExtraInfo=%7B%22cenId%22%3A%22cen-1%22%7D&RegionId=cn-hangzhou"
            + "&VerifyCodeAction=eds_cenID_securityverification HTTP/1.1",
            Assert.Single(proxy.Requests).Line);
    }

    private static RunningEcdClient StartBehind(Uri proxy, Uri? endpoint = null) => RunningEcdClient.StartAt(
        endpoint,
        services => services.AddSingleton<IWebProxy>(
            new WebProxy(proxy) { Credentials = new NetworkCredential("user", Password) }));
}
