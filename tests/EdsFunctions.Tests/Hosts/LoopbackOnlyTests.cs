namespace EdsFunctions.Tests.Hosts;

/// <summary>
/// DevHost and the simulator reject requests of web pages: by DNS rebinding, or with the origin of another host.
/// </summary>
public sealed class LoopbackOnlyTests
{
    [Theory]
    [InlineData("127.0.0.1", null)]
    [InlineData("localhost", null)]
    [InlineData("LOCALHOST:7071", null)]
    [InlineData("[::1]:7071", null)]
    [InlineData("localhost", "http://localhost:3000")]
    [InlineData("127.0.0.1", "http://127.0.0.1")]
    public async Task Request_FromLoopback_IsServed(string host, string? origin)
    {
        await using var app = await EdsApp.StartAsync();

        Assert.Equal(200, await GetAsync(app.Api.BaseUrl, "api/health", host, origin));
        Assert.Equal(200, await GetAsync(app.Alibaba.Url, "_simulator/outbox", host, origin));
    }

    [Theory]
    [InlineData("attacker.example", null)]
    [InlineData("attacker.example:7071", null)]
    [InlineData("localhost.attacker.example", null)]
    [InlineData("127.0.0.1.attacker.example", null)]
    [InlineData("192.168.1.10", null)]
    [InlineData("0.0.0.0", null)]
    [InlineData("localhost", "https://attacker.example")]
    [InlineData("localhost", "http://localhost.attacker.example")]
    [InlineData("localhost", "null")]
    public async Task Request_ForeignHostOrOrigin_Returns403AndChangesNothing(string host, string? origin)
    {
        await using var app = await EdsApp.StartAsync();

        Assert.Equal(403, await GetAsync(app.Api.BaseUrl, "api/health", host, origin));
        Assert.Equal(403, await GetAsync(app.Alibaba.Url, "_simulator/outbox", host, origin));
        using var send = Request(HttpMethod.Post, app.Api.BaseUrl, "api/verifications", host, origin);
        send.Content = new StringContent(A.Verification.Json(), Encoding.UTF8, "application/json");
        Assert.Equal(403, await StatusAsync(send));
        using var fault = Request(HttpMethod.Post, app.Alibaba.Url, "_simulator/faults", host, origin);
        fault.Content = new StringContent("""{"kind":"hang"}""", Encoding.UTF8, "text/plain");
        Assert.Equal(403, await StatusAsync(fault));
        Assert.Empty(await app.RecordsAsync());
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    /// <summary>
    /// Clients may sign requests for the host of Alibaba's gateway, so the simulator accepts this host.
    /// </summary>
    [Fact]
    public async Task Request_GatewayHost_IsServedByTheSimulatorOnly()
    {
        await using var app = await EdsApp.StartAsync();

        const string Gateway = "ecd.cn-hangzhou.aliyuncs.com";
        const string Outbox = "_simulator/outbox";

        Assert.Equal(200, await GetAsync(app.Alibaba.Url, Outbox, Gateway, null));
        Assert.Equal(403, await GetAsync(app.Alibaba.Url, Outbox, $"{Gateway}.attacker.example", null));
        Assert.Equal(403, await GetAsync(app.Alibaba.Url, Outbox, "localhost", $"https://{Gateway}"));
        Assert.Equal(403, await GetAsync(app.Api.BaseUrl, "api/health", Gateway, null));
    }

    private static async Task<int> GetAsync(Uri server, string path, string host, string? origin)
    {
        using var request = Request(HttpMethod.Get, server, path, host, origin);
        return await StatusAsync(request);
    }

    private static HttpRequestMessage Request(HttpMethod method, Uri server, string path, string host, string? origin)
    {
        var request = new HttpRequestMessage(method, new Uri(server, $"/{path}"));
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        return request;
    }

    private static async Task<int> StatusAsync(HttpRequestMessage request)
    {
        using var response = await LoopbackHttp.SendAsync(request, TestContext.Current.CancellationToken)
            .WithTimeoutAsync();
        return (int)response.StatusCode;
    }
}
