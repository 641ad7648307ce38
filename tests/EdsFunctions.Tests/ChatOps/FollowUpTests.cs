namespace EdsFunctions.Tests.ChatOps;

/// <summary>A reply comes in the time that the platform waits; the result follows, if the platform left a URL for it.</summary>
public sealed class FollowUpTests
{
    private static readonly RawHttpReply Ok = RawHttpReply.Create(200, "text/plain", "ok");

    [Theory]
    [InlineData("Slack", "hooks.slack.com", "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN")]
    [InlineData("Slack", "hooks.slack.com.evil.example", null)]
    [InlineData("DingTalk", "", "https://oapi.dingtalk.com/robot/sendBySession?session=0a")]
    [InlineData("Teams", "", null)]
    public async Task The_result_of_a_late_command_follows_where_the_platform_left_a_URL_of_its_own(string platform, string slackHost, string? url)
    {
        await using var network = RawHttpServer.Start(Ok);
        await using var session = await OpenAsync(platform, network);
        var request = session.Typed($"send {A.FreshCen()}");
        request = session.Platform.Sign(
            request.WithText(request.Text.Replace("hooks.slack.com", slackHost, StringComparison.Ordinal)),
            session.Platform.Secret,
            session.App.Time.GetUtcNow());

        var reply = await BeLateAsync(session, request);

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
        Assert.Contains("It is not known whether", followUp.Body, StringComparison.Ordinal);
        Assert.Contains(sending.Ref, followUp.Body, StringComparison.Ordinal);
        Assert.Single(network.Requests);
    }

    /// <summary>DingTalk answers 200 with a code.</summary>
    [Theory]
    [InlineData("Slack", 302, "")]
    [InlineData("DingTalk", 200, """{"errcode":300001,"errmsg":"session expired"}""")]
    public async Task A_follow_up_that_is_refused_is_logged_without_its_URL(string platform, int status, string body)
    {
        await using var network = RawHttpServer.Start(
            RawHttpReply.Create(status, "text/plain", body, ("Location", "https://evil.example/")));
        await using var session = await OpenAsync(platform, network);

        await BeLateAsync(session, session.Typed($"send {A.FreshCen()}"));
        await CompleteAsync(session);
        await network.NextAsync();
        await UntilAsync(() => session.App.Log.Entries.Any(entry => entry.EventId == 402));

        Assert.Single(network.Requests);
        Assert.DoesNotContain(session.App.Log.Entries, entry => entry.Text.Contains("96rGlfmibIGlgcZRskXaIFfN", StringComparison.Ordinal));
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
    public void Only_the_platforms_own_host_is_called(string? url, bool called)
    {
        var callback = ChatPlatform.ParseReplyUrl("hooks.slack.com", url);

        Assert.Equal(called, callback is not null);
        Assert.True(callback is null || callback.Host == "hooks.slack.com");
    }

    private static async Task<ChatSession> OpenAsync(string platform, RawHttpServer network) => await ChatSession.OpenAsync(
        platform,
        configure: services => services.AddHttpClient(MessageSender.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new LoopbackHandler(network.Url)));

    /// <summary>Types a command that Alibaba does not answer: Slack waits three seconds, and part of them is the network's.</summary>
    private static async Task<string> BeLateAsync(ChatSession session, ChatRequest request)
    {
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var reply = session.DeliverAsync(request);
        await UntilAsync(() => reply.IsCompleted || session.App.Alibaba.Requests.Items.Count > 0);
        session.App.Time.Advance(TimeSpan.FromSeconds(2.5));
        return ChatSession.ReadText(await reply);
    }

    /// <summary>Lets the call time out.</summary>
    private static async Task CompleteAsync(ChatSession session)
    {
        session.App.Time.Advance(TimeSpan.FromSeconds(10));
        while ((await session.App.RecordsAsync()).Any(record => record.State == VerificationState.Sending))
        {
            await Task.Yield();
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
