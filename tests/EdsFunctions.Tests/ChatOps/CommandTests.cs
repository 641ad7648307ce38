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
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ShouldSayAsync(session, "pending", "No verification is open");
        await ShouldSayAsync(session, $"send {cen} 1234567890123456 cn-shanghai", "A code is on its way");
        var sent = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal((cen, "cn-shanghai"), (sent.Target.CenId, sent.Target.RegionId));
        session.App.Time.Advance(TimeSpan.FromMinutes(34));
        await ShouldSayAsync(
            session,
            "pending",
            $"{sent.Ref} · {cen} in cn-shanghai", "34 min, since 2026-11-24 12:00 UTC", "Owner: ************3456", $"done {sent.Ref}");
        await ShouldSayAsync(session, $"show {sent.Ref[..4]}", cen);

        await ShouldSayAsync(session, $"done {sent.Ref[..3]}", $"alice closed {sent.Ref} as done");

        var closed = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "alice"), (closed.State, closed.ClosedBy));
        await ShouldSayAsync(session, $"show {sent.Ref}", "done", "alice");
        await ShouldSayAsync(session, $"show {sent.Id}", "done");
        await ShouldSayAsync(session, $"cancel {sent.Id}", "closed already");
        await session.RecordPendingAsync("ab000001");
        await ShouldSayAsync(session, "cancel #AB00", "alice cancelled ab000001");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task A_verification_goes_from_send_to_attached_and_a_repeat_uses_no_code_again(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        await session.SayAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await session.App.RecordsAsync());
        var code = Assert.Single(session.App.Alibaba.Outbox.Messages).Code;

        var wrong = session.Typed($"check {sent.Ref} 192.168.7.0/24 x");
        Assert.Contains("not the one that was sent last", ChatSession.ReadText(await session.DeliverAsync(wrong)), StringComparison.Ordinal);
        await session.DeliverAsync(wrong);
        var conflict = await ShouldSayAsync(
            session, $"check {sent.Ref} 172.16.0.0/20 {code}", "overlaps with a route", "192.168.0.0/20");
        await ShouldSayAsync(session, $"check {sent.Ref} 192.168.7.0/24 {code}", "can be attached");
        var wrongAttach = session.Typed($"attach {sent.Ref} {Site} x");
        await session.DeliverAsync(wrongAttach);
        await session.DeliverAsync(wrongAttach);
        var attached = await ShouldSayAsync(session, $"attach {sent.Ref} {Site} {code}", "is attached to");

        Assert.DoesNotContain(code, conflict + attached, StringComparison.Ordinal);
        var record = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal(
            (VerificationState.Completed, Site, "alice", 3), (record.State, record.OfficeSiteId, record.ClosedBy, record.Checks));
        Assert.Equal(
            ["SendVerifyCode", "VerifyCen", "VerifyCen", "VerifyCen", "AttachCen", "AttachCen", "DescribeOfficeSites"],
            session.App.Alibaba.Requests.Items.Select(request => request.Action!));
        session.App.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0", (await session.App.Api.GetAsync("reports/stale"))["staleCount"]);
    }

    [Fact]
    public async Task A_user_who_is_not_allowed_may_read_and_changes_nothing()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.SayAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await session.App.RecordsAsync());

        foreach (var command in new[]
                 {
                     $"send {A.FreshCen()}", $"done {sent.Ref}", $"cancel {sent.Id}",
                     $"check {sent.Ref} 192.168.7.0/24 x", $"attach {sent.Ref} {Site} x",
                 })
        {
            var refusal = await session.SayAsync(command, user: Mallory);
            Assert.All(
                ["You may not change anything here", Mallory, "ChatOps:Slack:AllowedUsers"],
                text => Assert.Contains(text, refusal, StringComparison.Ordinal));
        }

        Assert.Contains(sent.Ref, await session.SayAsync("pending", user: Mallory), StringComparison.Ordinal);
        Assert.Contains(sent.Ref, await session.SayAsync($"show {sent.Ref}", user: Mallory), StringComparison.Ordinal);
        Assert.Equal(sent, Assert.Single(await session.App.RecordsAsync()));
        Assert.Single(session.App.Alibaba.Requests.Items);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Where_no_user_is_allowed_none_changes_anything(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform, new() { [$"ChatOps:{platform}:AllowedUsers:0"] = null });

        await session.SayAsync($"send {A.FreshCen()}");
        await session.SayAsync($"send {A.FreshCen()}", user: "");

        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task An_ambiguous_prefix_lists_what_it_means_and_closes_none()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.RecordPendingAsync("ab000001");
        await session.RecordPendingAsync("ab000002");

        await ShouldSayAsync(session, "done ab", "type more of it", "ab000001", "ab000002");

        Assert.All(await session.App.RecordsAsync(), record => Assert.True(record.IsOpen));
    }

    [Theory]
    [InlineData(FaultKind.Denied, "Alibaba refused")]
    [InlineData(FaultKind.CloseAfterWork, "not sent again by itself")]
    public async Task A_failure_of_Alibaba_is_explained_with_its_code_and_request(FaultKind fault, string text)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        session.App.Alibaba.Faults.Add(new Fault(fault));

        var reply = await ShouldSayAsync(session, $"send {A.FreshCen()}", text);

        if (Assert.Single(await session.App.RecordsAsync()).LastFailure?.Error is { } error)
        {
            Assert.Contains(error.Code, reply, StringComparison.Ordinal);
            Assert.Contains(error.RequestId!, reply, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_code_that_was_sent_recently_is_not_sent_again_before_the_time_that_the_reply_names()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();
        await session.SayAsync($"send {cen}");
        session.App.Time.Advance(TimeSpan.FromSeconds(20));

        var sent = Assert.Single(await session.App.RecordsAsync());
        await ShouldSayAsync(session, $"send {cen}", "was sent before", $"resend {sent.Ref}");
        await ShouldSayAsync(session, $"resend {sent.Ref[..4]}", "Another one can be sent in 40 s");

        session.App.Time.Advance(TimeSpan.FromSeconds(40));
        await ShouldSayAsync(session, $"resend {sent.Ref}", "Another code is on its way");
        Assert.Equal(2, session.App.Alibaba.Outbox.Messages.Count);
    }

    [Theory]
    [InlineData("ephemeral", "pending", "public", "check 8e6a 192.168.7.0/24 739182 public")]
    [InlineData("in_channel", "pending public", "PENDING Public")]
    public async Task Slack_shows_a_reply_to_all_only_if_asked_and_never_one_to_a_code(string type, params string[] commands)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        foreach (var command in commands)
        {
            var reply = await session.DeliverAsync(session.Typed(command));

            Assert.Equal((command, type), (command, reply["response_type"]));
            Assert.False(string.IsNullOrEmpty(reply["text"]));
            Assert.Equal("application/json; charset=utf-8", reply.Header("Content-Type"));
        }
    }

    [Fact]
    public async Task A_channel_may_have_a_region_of_its_own()
    {
        await using var session = await ChatSession.OpenAsync("Slack", new()
        {
            ["ChatOps:Channels:0:Id"] = "G8PSS9T3V",
            ["ChatOps:Channels:0:DefaultRegion"] = "ap-southeast-1",
        });

        await session.SayAsync($"send {A.FreshCen()}");

        Assert.Equal("ap-southeast-1", Assert.Single(await session.App.RecordsAsync()).Target.RegionId);
    }

    [Fact]
    public async Task A_mistake_is_answered_with_what_was_understood_what_is_wrong_and_the_right_form()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ShouldSayAsync(
            session,
            $"send {cen} 1234567890123456 shanghai",
            $"Understood: send, CEN {cen}, owner ************3456",
            "Wrong: word 4 is neither a CEN, an account id nor a region",
            "Right: send <cen> [owner] [region]");
        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task The_language_is_configured()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk", new() { ["ChatOps:Language"] = "zh-CN" });
        var cen = A.FreshCen();

        await ShouldSayAsync(session, $"send {cen}", $"验证码正发往 {cen} 的所有者");
        await ShouldSayAsync(session, "sned", "没有命令");
    }

    [Fact]
    public async Task A_failure_of_the_app_is_explained_and_logged()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.SayAsync("pending");
        await session.App.BreakStoreAsync();

        await ShouldSayAsync(session, "pending", "The app failed");
        Assert.Contains(session.App.Log.Entries, entry => entry.EventId == 401);
    }

    private static async Task<string> ShouldSayAsync(ChatSession session, string command, params string[] texts)
    {
        var reply = await session.SayAsync(command);
        Assert.All(texts, text => Assert.Contains(text, reply, StringComparison.Ordinal));
        return reply;
    }
}
