namespace EdsFunctions.Tests.ChatOps;

/// <summary>Which deliveries of a platform are carried out, and which are not.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task A_signed_command_is_carried_out_once_whatever_secret_of_the_list_signed_it(string name)
    {
        var platform = FakeChatPlatform.All[name];
        await using var session = await ChatSession.OpenAsync(name, new() { [$"ChatOps:{name}:Secrets:1"] = platform.OtherSecret });
        var cen = A.FreshCen();
        var request = session.Typed($"send {cen} 1234567890123456");

        var reply = ChatSession.ReadText(await session.DeliverAsync(request));
        session.App.Time.Advance(TimeSpan.FromMinutes(3));
        var again = ChatSession.ReadText(await session.DeliverAsync(request));
        var pending = session.Platform.Sign(session.Typed("pending"), platform.OtherSecret, session.App.Time.GetUtcNow());

        var sent = Assert.Single(await session.App.RecordsAsync());
        Assert.All([cen, "alice", sent.Ref], text => Assert.Contains(text, reply, StringComparison.Ordinal));
        Assert.DoesNotContain("1234567890123456", reply, StringComparison.Ordinal);
        Assert.Contains("carried out before", again, StringComparison.Ordinal);
        Assert.Contains(sent.Ref, ChatSession.ReadText(await session.DeliverAsync(pending)), StringComparison.Ordinal);
        Assert.Equal(("alice", 1), (sent.RequestedBy, sent.SendCount));
        Assert.Single(session.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task A_delivery_without_a_valid_signature_is_refused(string name)
    {
        await using var session = await ChatSession.OpenAsync(name);
        var request = Send(session);
        await ShouldBeRefusedAsync(session, request with { Headers = new Dictionary<string, string>() }, "MissingSignature");
        await ShouldBeRefusedAsync(
            session, session.Platform.Sign(request, session.Platform.OtherSecret, session.App.Time.GetUtcNow()), "Mismatch");
        if (name != "DingTalk")
        {
            var encoded = request.Text.Replace("send", "%73end", StringComparison.Ordinal);
            await ShouldBeRefusedAsync(session, request.WithText(request.Text[..^1]), "Mismatch");
            await ShouldBeRefusedAsync(session, request.WithText(encoded), "Mismatch");
            await ShouldBeRefusedAsync(session, request with { Body = Encoding.Unicode.GetBytes(request.Text) }, "Mismatch");
        }

        // The signature of Teams has no time, but the signed body has.
        session.App.Time.Advance((session.Platform.MaxAge ?? TimeSpan.FromHours(24)) + TimeSpan.FromSeconds(1));
        await ShouldBeRefusedAsync(session, request, "Expired");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Without_a_secret_every_delivery_is_refused(string platform)
    {
        await using var app = await EdsApp.StartAsync();
        var session = new ChatSession(app, FakeChatPlatform.All[platform]);

        await ShouldBeRefusedAsync(session, Send(session), "NotConfigured");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task A_closing_that_is_delivered_again_closes_nothing_else(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        await session.SayAsync($"send {A.FreshCen()}");
        var first = Assert.Single(await session.App.RecordsAsync());
        var request = session.Typed($"done {first.Ref[..1]}");
        ChatSession.ReadText(await session.DeliverAsync(request));
        // The same words would name this one now.
        var second = await session.RecordPendingAsync($"{first.Ref[..1]}0000000");

        var again = ChatSession.ReadText(await session.DeliverAsync(request));

        Assert.Contains("carried out before", again, StringComparison.Ordinal);
        Assert.True((await session.App.Store.GetAsync(second.Id, TestContext.Current.CancellationToken))!.IsOpen);
    }

    [Fact]
    public async Task A_repeated_delivery_with_another_command_does_nothing()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");
        var request = Send(session);
        await session.DeliverAsync(request);

        // The body is not signed there.
        var other = request.WithText(request.Text.Replace("cen-", "cen-x", StringComparison.Ordinal));
        ChatSession.ReadText(await session.DeliverAsync(other));

        Assert.Single(session.App.Alibaba.Outbox.Messages);
        Assert.Single(await session.App.RecordsAsync());
    }

    [Theory]
    [InlineData("Slack", "a=1&a=2", "text=pending", "", "null")]
    [InlineData("Teams", "", "null", "[]", """{"text":"pending"}""", """{"id":"1","text":"pending""", """{"id":"1","text":"\ud800"}""")]
    [InlineData(
        "DingTalk",
        "",
        "null",
        """{"msgId":1,"text":{"content":"pending"}}""",
        """{"msgId":"1","text":"pending"}""",
        """{"msgId":"1","text":{"content":"pending"}} {}""")]
    public async Task A_signed_delivery_that_is_no_command_is_a_bad_request(string platform, params string[] bodies)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        foreach (var body in bodies)
        {
            (await session.DeliverAsync(Signed(session, body))).ShouldBeProblem(400, "invalid-request", "body");
        }

        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task A_signed_check_by_Slack_whether_the_app_is_reachable_is_answered()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        const string Check = "ssl_check=1&token=xyzz0WbapA4vBCDEFasx0q6G";

        (await session.DeliverAsync(Signed(session, Check))).ShouldBe(200);
        (await session.DeliverAsync(Send(session).WithText(Check))).ShouldBeProblem(401, "signature-invalid");
    }

    private static ChatRequest Send(ChatSession session) => session.Typed($"send {A.FreshCen()}");

    private static ChatRequest Signed(ChatSession session, string body) =>
        session.Platform.Sign(Send(session).WithText(body), session.Platform.Secret, session.App.Time.GetUtcNow());

    private static async Task ShouldBeRefusedAsync(ChatSession session, ChatRequest request, string check)
    {
        (await session.DeliverAsync(request)).ShouldBeProblem(401, "signature-invalid");
        Assert.Contains(check, session.App.Log.Entries.Last(entry => entry.EventId == 400).Text, StringComparison.Ordinal);
        Assert.Empty(await session.App.RecordsAsync());
        Assert.Empty(session.App.Alibaba.Outbox.Messages);
    }
}
