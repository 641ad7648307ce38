namespace EdsFunctions.Tests.ChatOps;

/// <summary>What makes a delivery of each platform one that is acted on, and what does not.</summary>
public sealed class DeliveryTests
{
    public static TheoryData<string> Platforms => [.. ChatPlatform.All.Keys];

    public static TheoryData<string> WithTime =>
        [.. ChatPlatform.All.Values.Where(platform => platform.FreshFor is not null).Select(platform => platform.Name)];

    public static TheoryData<string> WithSignedBody =>
        [.. ChatPlatform.All.Values.Where(platform => platform.SignsBody).Select(platform => platform.Name)];

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_signed_command_is_carried_out(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var cen = A.FreshCen();

        var said = await room.SayAsync($"send {cen} 1234567890123456");

        var sent = Assert.Single(await room.App.RecordsAsync());
        Assert.Contains(cen, said, StringComparison.Ordinal);
        Assert.Contains("alice", said, StringComparison.Ordinal);
        Assert.Contains(sent.Ref, said, StringComparison.Ordinal);
        Assert.DoesNotContain("1234567890123456", said, StringComparison.Ordinal);
        Assert.Equal("alice", sent.RequestedBy);
        Assert.Single(room.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_command_that_another_secret_signed_is_refused(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);

        await ShouldBeRefusedAsync(
            room, room.Platform.Sign(Send(room), room.Platform.OtherSecret, room.App.Time.GetUtcNow()), "Mismatch");
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_command_without_a_signature_is_refused(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);

        await ShouldBeRefusedAsync(room, Send(room) with { Headers = new Dictionary<string, string>() }, "MissingSignature");
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task Where_no_secret_is_configured_every_command_is_refused(string platform)
    {
        await using var app = await EdsApp.StartAsync();
        var room = new ChatRoom(app, ChatPlatform.All[platform]);

        await ShouldBeRefusedAsync(room, Send(room), "NotConfigured");
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task While_a_secret_is_rotated_the_old_and_the_new_are_good(string platform)
    {
        var other = ChatPlatform.All[platform].OtherSecret;
        await using var room = await ChatRoom.OpenAsync(platform, new() { [$"ChatOps:{platform}:Secrets:1"] = other });
        ChatRoom.ReadText(await room.DeliverAsync(room.Typed("pending")));
        ChatRoom.ReadText(await room.DeliverAsync(room.Platform.Sign(room.Typed("pending"), other, room.App.Time.GetUtcNow())));
    }

    [Theory]
    [MemberData(nameof(WithTime))]
    public async Task A_command_that_was_signed_too_long_ago_is_refused(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var request = Send(room);
        room.App.Time.Advance(room.Platform.FreshFor!.Value + TimeSpan.FromSeconds(1));

        await ShouldBeRefusedAsync(room, request, "Expired");
    }

    [Fact]
    public async Task A_command_from_Teams_that_was_typed_a_day_ago_is_refused_though_its_signature_names_no_time()
    {
        await using var room = await ChatRoom.OpenAsync("Teams");
        var request = Send(room);
        room.App.Time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));

        await ShouldBeRefusedAsync(room, request, "Expired");
    }

    [Theory]
    [MemberData(nameof(WithSignedBody))]
    public async Task A_command_whose_body_is_not_the_signed_one_is_refused(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var request = Send(room);

        await ShouldBeRefusedAsync(room, request.WithText(request.Text[..^1]), "Mismatch");
        await ShouldBeRefusedAsync(room, request.WithText(request.Text.Replace("send", "%73end", StringComparison.Ordinal)), "Mismatch");
        await ShouldBeRefusedAsync(room, request with { Body = Encoding.Unicode.GetBytes(request.Text) }, "Mismatch");
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_send_that_is_delivered_again_is_not_sent_again(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var request = Send(room);
        await room.DeliverAsync(request);
        room.App.Time.Advance(TimeSpan.FromMinutes(3));

        var again = ChatRoom.ReadText(await room.DeliverAsync(request));

        Assert.Contains("carried out before", again, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(await room.App.RecordsAsync()).SendCount);
        Assert.Single(room.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_closing_that_is_delivered_again_closes_nothing_else(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        await room.SayAsync($"send {A.FreshCen()}");
        var first = Assert.Single(await room.App.RecordsAsync());
        var request = room.Typed($"done {first.Ref[..1]}");
        ChatRoom.ReadText(await room.DeliverAsync(request));
        // Another one that the same words would name now.
        var second = A.Verification.Record(room.App.Time.GetUtcNow());
        second = second with { Id = Guid.Parse($"{second.Id.ToString("N")[..^8]}{first.Ref[..1]}0000000") };
        await room.App.Store.CreateAsync(
            second with { State = Core.Verifications.VerificationState.Pending }, key: null, TestContext.Current.CancellationToken);

        var again = ChatRoom.ReadText(await room.DeliverAsync(request));

        Assert.Contains("carried out before", again, StringComparison.Ordinal);
        Assert.True((await room.App.Store.GetAsync(second.Id, TestContext.Current.CancellationToken))!.IsOpen);
    }

    [Fact]
    public async Task A_delivery_that_comes_with_other_words_does_nothing()
    {
        await using var room = await ChatRoom.OpenAsync("DingTalk");
        var request = Send(room);
        await room.DeliverAsync(request);

        // The body is not signed there.
        var other = request.WithText(request.Text.Replace("cen-", "cen-x", StringComparison.Ordinal));
        ChatRoom.ReadText(await room.DeliverAsync(other));

        Assert.Single(room.App.Alibaba.Outbox.Messages);
        Assert.Single(await room.App.RecordsAsync());
    }

    [Theory]
    [InlineData("Slack", "a=1&a=2")]
    [InlineData("Slack", "text=pending")]
    [InlineData("Slack", "")]
    [InlineData("Teams", "[]")]
    [InlineData("Teams", """{"text":"pending"}""")]
    [InlineData("Teams", """{"id":"1","text":"pending""")]
    [InlineData("DingTalk", """{"msgId":1,"text":{"content":"pending"}}""")]
    [InlineData("DingTalk", """{"msgId":"1","text":"pending"}""")]
    public async Task A_signed_delivery_that_is_no_command_is_a_bad_request(string platform, string body)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var request = room.Platform.Sign(Send(room).WithText(body), room.Platform.Secret, room.App.Time.GetUtcNow());

        (await room.DeliverAsync(request)).ShouldBeProblem(400, "invalid-request", "body");
        Assert.Empty(await room.App.RecordsAsync());
    }

    [Fact]
    public async Task Slack_is_told_that_someone_is_there()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        var request = Send(room).WithText("ssl_check=1&token=xyzz0WbapA4vBCDEFasx0q6G");

        (await room.DeliverAsync(room.Platform.Sign(request, room.Platform.Secret, room.App.Time.GetUtcNow()))).ShouldBe(200);
        (await room.DeliverAsync(request)).ShouldBeProblem(401, "signature-invalid");
    }

    private static ChatRequest Send(ChatRoom room) => room.Typed($"send {A.FreshCen()}");

    private static async Task ShouldBeRefusedAsync(ChatRoom room, ChatRequest request, string check)
    {
        var answer = await room.DeliverAsync(request);

        answer.ShouldBeProblem(401, "signature-invalid");
        Assert.Contains(room.App.Log.Entries, entry => entry.EventId == 400 && entry.Text.Contains(check, StringComparison.Ordinal));
        Assert.Empty(await room.App.RecordsAsync());
        Assert.Empty(room.App.Alibaba.Outbox.Messages);
    }
}
