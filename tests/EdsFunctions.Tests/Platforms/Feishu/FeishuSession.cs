using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Feishu;

/// <summary>The app with a bot of Feishu. A server of the test plays Feishu's API.</summary>
internal sealed class FeishuSession(EdsApp app, RawHttpServer api) : IAsyncDisposable
{
    public static FakeFeishu Feishu { get; } = (FakeFeishu)FakeChatPlatform.All["Feishu"];

    public EdsApp App => app;

    public RawHttpServer Api => api;

    public static async Task<FeishuSession> OpenAsync(Dictionary<string, string?>? settings = null)
    {
        var api = RawHttpServer.Start(request => Task.FromResult(RawHttpReply.Create(
            200,
            "application/json",
            request.Line.Contains("/auth/", StringComparison.Ordinal)
                ? """{"code":0,"msg":"ok","tenant_access_token":"t-token","expire":7200}"""
                : """{"code":0,"msg":"success","data":{}}""")));
        var all = new Dictionary<string, string?>(Feishu.Settings) { ["ChatOps:DefaultRegion"] = "cn-hangzhou" };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        return new FeishuSession(
            await EdsApp.StartAsync(all, services => services.AddHttpClient(MessageSender.HttpClientName)
                .ConfigurePrimaryHttpMessageHandler(() => new ApiHandler(api.Url))),
            api);
    }

    public ChatRequest Sign(ChatRequest request) => Feishu.Sign(request, Feishu.Secret, app.Time.GetUtcNow());

    public ChatRequest Deliver(string text, string eventId) => Feishu.Deliver(text, eventId, app.Time.GetUtcNow());

    public Task<ApiResponse> DeliverAsync(ChatRequest request) => request.SendAsync(app.Api.BaseUrl, Feishu.Route);

    public Task StopAsync() => app.Services.GetRequiredService<BackgroundWork>()
        .StoppedAsync(TestContext.Current.CancellationToken).WithTimeoutAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await app.DisposeAsync();
        await api.DisposeAsync();
    }

    /// <summary>Sends requests for Feishu's host to the server of the test.</summary>
    private sealed class ApiHandler(Uri server)
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.Equal("https://open.feishu.cn", request.RequestUri!.GetLeftPart(UriPartial.Authority));
            request.RequestUri = new Uri(server, request.RequestUri.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
