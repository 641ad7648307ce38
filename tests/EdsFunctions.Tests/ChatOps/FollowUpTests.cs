namespace EdsFunctions.Tests.ChatOps;

/// <summary>What is said after the reply, and where it is not.</summary>
public sealed class FollowUpTests
{
    [Theory]
    [InlineData("Slack", "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN")]
    [InlineData("DingTalk", "https://oapi.dingtalk.com/robot/sendBySession?session=0a")]
    public async Task What_came_of_a_late_command_is_said_where_the_platform_left_a_URL(string platform, string url)
    {
        await using var network = await HttpsStandIn.StartAsync();
        await using var room = await OpenAsync(platform, network);
        await BeLateAsync(room, room.Typed($"send {A.FreshCen()}"));

        room.App.Time.Advance(TimeSpan.FromSeconds(10));
        await network.NextAsync();

        var (called, said) = Assert.Single(network.Received);
        Assert.Equal(url, called);
        Assert.Contains("It is not known whether", said, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(await room.App.RecordsAsync()).Ref, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_URL_is_on_another_host_nothing_is_called()
    {
        await using var network = await HttpsStandIn.StartAsync();
        await using var room = await OpenAsync("Slack", network);
        var request = room.Typed($"send {A.FreshCen()}");
        request = room.Platform.Sign(
            request.WithText(request.Text.Replace("hooks.slack.com", "hooks.slack.com.evil.example", StringComparison.Ordinal)),
            room.Platform.Secret,
            room.App.Time.GetUtcNow());
        await BeLateAsync(room, request);

        room.App.Time.Advance(TimeSpan.FromSeconds(10));
        await UntilSettledAsync(room);

        Assert.Empty(network.Received);
    }

    [Fact]
    public async Task A_follow_up_that_is_refused_is_logged_without_its_URL()
    {
        await using var network = await HttpsStandIn.StartAsync();
        network.Answer = context =>
        {
            context.Response.Redirect("https://evil.example/");
            return Task.CompletedTask;
        };
        await using var room = await OpenAsync("Slack", network);
        await BeLateAsync(room, room.Typed($"send {A.FreshCen()}"));

        room.App.Time.Advance(TimeSpan.FromSeconds(10));
        await network.NextAsync();
        while (room.App.Log.Entries.All(entry => entry.EventId != 402))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Single(network.Received);
        Assert.DoesNotContain(room.App.Log.Entries, entry => entry.Text.Contains("96rGlfmibIGlgcZRskXaIFfN", StringComparison.Ordinal));
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
        var callback = CallbackUrl.On("hooks.slack.com", url);

        Assert.Equal(called, callback is not null);
        Assert.True(callback is null || callback.Host == "hooks.slack.com");
    }

    private static async Task<ChatRoom> OpenAsync(string platform, HttpsStandIn network) => await ChatRoom.OpenAsync(
        platform,
        configure: services => services.AddHttpClient(MessageSender.HttpClientName).ConfigurePrimaryHttpMessageHandler(network.CreateHandler));

    /// <summary>Types a command that Alibaba does not answer, until the platform has its reply.</summary>
    private static async Task BeLateAsync(ChatRoom room, ChatRequest request)
    {
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.Hang));
        var saying = room.DeliverAsync(request);
        while (room.App.Alibaba.Requests.Items.Count == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        room.App.Time.Advance(ChatDesk.AnswerWithin);
        (await saying).ShouldBe(200);
    }

    private static async Task UntilSettledAsync(ChatRoom room)
    {
        while ((await room.App.RecordsAsync()).Any(record => record.State == Core.Verifications.VerificationState.Sending))
        {
            await Task.Yield();
        }
    }
}
