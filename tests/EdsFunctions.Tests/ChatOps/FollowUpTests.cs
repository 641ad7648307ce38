using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>If a command takes long, the app posts its result to the reply URL of the delivery.</summary>
public sealed class FollowUpTests
{
    private static readonly RawHttpReply Ok = RawHttpReply.Create(
        200, "application/json", """{"errcode":0,"errmsg":"ok"}""");

    [Theory]
    [InlineData(
        "Slack", "hooks.slack.com", "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN")]
    [InlineData("Slack", "hooks.slack.com.evil.example", null)]
    [InlineData("DingTalk", "", "https://oapi.dingtalk.com/robot/sendBySession?session=0a")]
    [InlineData("Teams", "", null)]
    public async Task Reply_LateWithUrlOfThePlatform_FollowsThere(
        string platform, string slackHost, string? url)
    {
        await using var network = RawHttpServer.Start(Ok);
        await using var session = await OpenAsync(platform, network);
        var request = session.Typed($"send {A.FreshCen()}");
        request = session.Sign(
            request.WithText(request.Text.Replace("hooks.slack.com", slackHost, StringComparison.Ordinal)));

        var reply = await DeliverLateAsync(session, request);

        var sending = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal(VerificationState.Sending, sending.State);
        Assert.Contains("Still sending", reply, StringComparison.Ordinal);
        Assert.Contains($"show {sending.Ref}", reply, StringComparison.Ordinal);
        await CompleteAsync(session);
        if (url is null)
        {
            Assert.Empty(network.Requests);
            return;
        }

        var followUp = await network.NextAsync();
        Assert.Equal(new Uri(url).Host, followUp.Header("Host"));
        Assert.Equal($"POST {new Uri(url).PathAndQuery} HTTP/1.1", followUp.Line);
        Assert.Contains("may have been sent", followUp.Body, StringComparison.Ordinal);
        Assert.Contains(sending.Ref, followUp.Body, StringComparison.Ordinal);
        await StopAsync(session);
        Assert.Single(network.Requests);
        Assert.Empty(session.App.Logged(eventId: 402));
    }

    /// <summary>If DingTalk rejects a reply, it returns 200 with an error code.</summary>
    [Theory]
    [InlineData("Slack", 302, "", "HTTP 302")]
    [InlineData("DingTalk", 200, """{"errcode":300001,"errmsg":"session expired"}""", "errcode 300001")]
    public async Task Reply_LateAndRejected_IsLoggedWithoutItsUrl(
        string platform, int status, string body, string reason)
    {
        await using var network = RawHttpServer.Start(
            RawHttpReply.Create(status, "text/plain", body, ("Location", "https://evil.example/")));
        await using var session = await OpenAsync(platform, network);

        await DeliverLateAsync(session, session.Typed($"send {A.FreshCen()}"));
        await CompleteAsync(session);
        await StopAsync(session);

        Assert.Single(network.Requests);
        Assert.Contains(reason, Assert.Single(session.App.Logged(eventId: 402)), StringComparison.Ordinal);
        Assert.DoesNotContain(
            session.App.Log.Entries,
            entry => entry.Text.Contains("96rGlfmibIGlgcZRskXaIFfN", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://hooks.slack.com/a", true)]
    [InlineData("https://HOOKS.slack.com/a", true)]
    [InlineData("https://hooks.slack.com:443/a", true)]
    [InlineData("http://hooks.slack.com/a", false)]
    [InlineData("https://hooks.slack.com:8443/a", false)]
    [InlineData("https://hooks.slack.com.evil.example/a", false)]
    [InlineData("https://evil.example/hooks.slack.com", false)]
    [InlineData("https://hooks.slack.com@evil.example/a", false)]
    [InlineData("https://user@hooks.slack.com/a", false)]
    [InlineData("https://xhooks.slack.com/a", false)]
    [InlineData("https://hooks.slack.com.", false)]
    [InlineData("https://hooks.slack.com\\@evil.example", false)]
    [InlineData("https://evil.example\\@hooks.slack.com", false)]
    [InlineData("https://hooks.ѕlack.com/a", false)]
    [InlineData("//hooks.slack.com/a", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("https://169.254.169.254/metadata", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void ParseReplyUrl_Url_AcceptsOnlyThePlatformsHost(string? url, bool isAccepted)
    {
        var callback = ChatPlatform.ParseReplyUrl("hooks.slack.com", url);

        Assert.Equal(isAccepted, callback is not null);
        Assert.True(callback is null || callback.Host == "hooks.slack.com");
    }

    private static Task<ChatSession> OpenAsync(string platform, RawHttpServer network) => ChatSession.OpenAsync(
        platform,
        configure: services => services.AddHttpClient(MessageSender.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new LoopbackHandler(network.Url)));

    /// <summary>
    /// Delivers a command while Alibaba Cloud does not respond, and lets the time for the reply pass.
    /// </summary>
    private static async Task<string> DeliverLateAsync(ChatSession session, ChatRequest request)
    {
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var reply = session.DeliverAsync(request);
        await WaitUntilAsync(() => reply.IsCompleted || session.App.Alibaba.Requests.Items.Count > 0);
        session.App.Time.Advance(TimeSpan.FromSeconds(2.5));
        return ChatSession.ReadText(await reply);
    }

    private static Task StopAsync(ChatSession session) => session.App.Services.GetRequiredService<BackgroundWork>()
        .StoppedAsync(TestContext.Current.CancellationToken).WithTimeoutAsync();

    /// <summary>Lets the call of Alibaba Cloud time out, so that the command completes.</summary>
    private static async Task CompleteAsync(ChatSession session)
    {
        session.App.Time.Advance(TimeSpan.FromSeconds(10));
        while ((await session.App.RecordsAsync()).Any(record => record.State == VerificationState.Sending))
        {
            await Task.Yield();
        }
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
