using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>The reply to each command, the same in every chat; in Slack's unless the platform matters.</summary>
public sealed class CommandTests
{
    private const string Site = "cn-hangzhou+dir-2051660961";
    private const string Mallory = "U0MALLORY";

    [Fact]
    public async Task A_verification_goes_from_send_to_done_or_cancelled()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ShouldSayAsync(room, "pending", "No verification is open");
        await ShouldSayAsync(room, $"send {cen} 1234567890123456 cn-shanghai", "A code is on its way");
        var sent = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal((cen, "cn-shanghai"), (sent.Target.CenId, sent.Target.RegionId));
        room.App.Time.Advance(TimeSpan.FromMinutes(34));
        await ShouldSayAsync(
            room,
            "pending",
            $"{sent.Ref} · {cen} in cn-shanghai", "34 min, since 2026-11-24 12:00 UTC", "Owner: ************3456", $"done {sent.Ref}");
        await ShouldSayAsync(room, $"show {sent.Ref[..4]}", cen);

        await ShouldSayAsync(room, $"done {sent.Ref[..3]}", $"alice closed {sent.Ref} as done");

        var closed = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "alice"), (closed.State, closed.ClosedBy));
        await ShouldSayAsync(room, $"show {sent.Ref}", "done", "alice");
        await ShouldSayAsync(room, $"show {sent.Id}", "done");
        await ShouldSayAsync(room, $"cancel {sent.Id}", "closed already");
        await room.RecordPendingAsync("ab000001");
        await ShouldSayAsync(room, "cancel #AB00", "alice cancelled ab000001");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task A_verification_goes_from_send_to_attached_and_a_repeat_uses_no_code_again(string platform)
    {
        await using var room = await ChatSession.OpenAsync(platform);
        await room.SayAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await room.App.RecordsAsync());
        var code = Assert.Single(room.App.Alibaba.Outbox.Messages).Code;

        var wrong = room.Typed($"check {sent.Ref} 192.168.7.0/24 x");
        Assert.Contains("not the one that was sent last", ChatSession.ReadText(await room.DeliverAsync(wrong)), StringComparison.Ordinal);
        await room.DeliverAsync(wrong);
        var conflict = await ShouldSayAsync(
            room, $"check {sent.Ref} 172.16.0.0/20 {code}", "overlaps with a route", "192.168.0.0/20");
        await ShouldSayAsync(room, $"check {sent.Ref} 192.168.7.0/24 {code}", "can be attached");
        var wrongAttach = room.Typed($"attach {sent.Ref} {Site} x");
        await room.DeliverAsync(wrongAttach);
        await room.DeliverAsync(wrongAttach);
        var attached = await ShouldSayAsync(room, $"attach {sent.Ref} {Site} {code}", "is attached to");

        Assert.DoesNotContain(code, conflict + attached, StringComparison.Ordinal);
        var record = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal(
            (VerificationState.Completed, Site, "alice", 3), (record.State, record.OfficeSiteId, record.ClosedBy, record.Checks));
        Assert.Equal(
            ["SendVerifyCode", "VerifyCen", "VerifyCen", "VerifyCen", "AttachCen", "AttachCen", "DescribeOfficeSites"],
            room.App.Alibaba.Requests.Items.Select(request => request.Action!));
        room.App.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0", (await room.App.Api.GetAsync("reports/stale"))["staleCount"]);
    }

    [Fact]
    public async Task A_user_who_is_not_allowed_may_read_and_changes_nothing()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        await room.SayAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await room.App.RecordsAsync());

        foreach (var command in new[]
                 {
                     $"send {A.FreshCen()}", $"done {sent.Ref}", $"cancel {sent.Id}",
                     $"check {sent.Ref} 192.168.7.0/24 x", $"attach {sent.Ref} {Site} x",
                 })
        {
            var refusal = await room.SayAsync(command, user: Mallory);
            Assert.All(
                ["You may not change anything here", Mallory, "ChatOps:Slack:AllowedUsers"],
                text => Assert.Contains(text, refusal, StringComparison.Ordinal));
        }

        Assert.Contains(sent.Ref, await room.SayAsync("pending", user: Mallory), StringComparison.Ordinal);
        Assert.Contains(sent.Ref, await room.SayAsync($"show {sent.Ref}", user: Mallory), StringComparison.Ordinal);
        Assert.Equal(sent, Assert.Single(await room.App.RecordsAsync()));
        Assert.Single(room.App.Alibaba.Requests.Items);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Where_no_user_is_allowed_none_changes_anything(string platform)
    {
        await using var room = await ChatSession.OpenAsync(platform, new() { [$"ChatOps:{platform}:AllowedUsers:0"] = null });

        await room.SayAsync($"send {A.FreshCen()}");
        await room.SayAsync($"send {A.FreshCen()}", user: "");

        Assert.Empty(await room.App.RecordsAsync());
    }

    [Fact]
    public async Task An_ambiguous_prefix_lists_what_it_means_and_closes_none()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        await room.RecordPendingAsync("ab000001");
        await room.RecordPendingAsync("ab000002");

        await ShouldSayAsync(room, "done ab", "type more of it", "ab000001", "ab000002");

        Assert.All(await room.App.RecordsAsync(), record => Assert.True(record.IsOpen));
    }

    [Theory]
    [InlineData(FaultKind.Denied, "Alibaba refused")]
    [InlineData(FaultKind.CloseAfterWork, "not sent again by itself")]
    public async Task A_failure_of_Alibaba_is_explained_with_its_code_and_request(FaultKind fault, string text)
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        room.App.Alibaba.Faults.Add(new Fault(fault));

        var reply = await ShouldSayAsync(room, $"send {A.FreshCen()}", text);

        if (Assert.Single(await room.App.RecordsAsync()).LastFailure?.Error is { } error)
        {
            Assert.Contains(error.Code, reply, StringComparison.Ordinal);
            Assert.Contains(error.RequestId!, reply, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_code_that_was_sent_recently_is_not_sent_again_before_the_time_that_the_reply_names()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();
        await room.SayAsync($"send {cen}");
        room.App.Time.Advance(TimeSpan.FromSeconds(20));

        var sent = Assert.Single(await room.App.RecordsAsync());
        await ShouldSayAsync(room, $"send {cen}", "was sent before", $"resend {sent.Ref}");
        await ShouldSayAsync(room, $"resend {sent.Ref[..4]}", "Another one can be sent in 40 s");

        room.App.Time.Advance(TimeSpan.FromSeconds(40));
        await ShouldSayAsync(room, $"resend {sent.Ref}", "Another code is on its way");
        Assert.Equal(2, room.App.Alibaba.Outbox.Messages.Count);
    }

    [Theory]
    [InlineData("ephemeral", "pending", "public", "check 8e6a 192.168.7.0/24 739182 public")]
    [InlineData("in_channel", "pending public", "PENDING Public")]
    public async Task Slack_shows_a_reply_to_all_only_if_asked_and_never_one_to_a_code(string type, params string[] commands)
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        foreach (var command in commands)
        {
            var reply = await room.DeliverAsync(room.Typed(command));

            Assert.Equal((command, type), (command, reply["response_type"]));
            Assert.False(string.IsNullOrEmpty(reply["text"]));
            Assert.Equal("application/json; charset=utf-8", reply.Header("Content-Type"));
        }
    }

    [Fact]
    public async Task A_channel_may_have_a_region_of_its_own()
    {
        await using var room = await ChatSession.OpenAsync("Slack", new()
        {
            ["ChatOps:Channels:0:Id"] = "G8PSS9T3V",
            ["ChatOps:Channels:0:DefaultRegion"] = "ap-southeast-1",
        });

        await room.SayAsync($"send {A.FreshCen()}");

        Assert.Equal("ap-southeast-1", Assert.Single(await room.App.RecordsAsync()).Target.RegionId);
    }

    [Fact]
    public async Task A_mistake_is_answered_with_what_was_understood_what_is_wrong_and_the_right_form()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ShouldSayAsync(
            room,
            $"send {cen} 1234567890123456 shanghai",
            $"Understood: send, CEN {cen}, owner ************3456",
            "Wrong: word 4 is neither a CEN, an account id nor a region",
            "Right: send <cen> [owner] [region]");
        Assert.Empty(await room.App.RecordsAsync());
    }

    [Fact]
    public async Task The_language_is_configured()
    {
        await using var room = await ChatSession.OpenAsync("DingTalk", new() { ["ChatOps:Language"] = "zh-CN" });
        var cen = A.FreshCen();

        await ShouldSayAsync(room, $"send {cen}", $"验证码正发往 {cen} 的所有者");
        await ShouldSayAsync(room, "sned", "没有命令");
    }

    [Fact]
    public async Task A_failure_of_the_app_is_explained_and_logged()
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        await room.SayAsync("pending");
        await room.App.BreakStoreAsync();

        await ShouldSayAsync(room, "pending", "The app failed");
        Assert.Contains(room.App.Log.Entries, entry => entry.EventId == 401);
    }

    private static async Task<string> ShouldSayAsync(ChatSession room, string command, params string[] texts)
    {
        var reply = await room.SayAsync(command);
        Assert.All(texts, text => Assert.Contains(text, reply, StringComparison.Ordinal));
        return reply;
    }
}
