using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>The reply to each command. Tests use Slack if the platform does not matter.</summary>
public sealed class CommandTests
{
    private const string Site = "cn-hangzhou+dir-2051660961";
    private const string Mallory = "U0MALLORY";

    [Fact]
    public async Task Commands_SendPendingShowClose_CloseTheVerification()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ReplyShouldContainAsync(session, "pending", "No open verifications");
        await ReplyShouldContainAsync(
            session, $"send {cen} 1234567890123456 cn-shanghai", "A code was sent to the owner of");
        var sent = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal((cen, "cn-shanghai"), (sent.Target.CenId, sent.Target.RegionId));
        session.App.Time.Advance(TimeSpan.FromMinutes(34));
        await ReplyShouldContainAsync(
            session,
            "pending",
            $"{sent.Ref} · {cen} in cn-shanghai",
            "34 min, since 2026-11-24 12:00 UTC",
            "Owner: ************3456",
            $"done {sent.Ref}");
        await ReplyShouldContainAsync(session, $"show {sent.Ref[..4]}", cen);

        await ReplyShouldContainAsync(session, $"done {sent.Ref[..3]}", $"alice marked {sent.Ref} as completed");

        var closed = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal((VerificationState.Completed, "alice"), (closed.State, closed.ClosedBy));
        await ReplyShouldContainAsync(session, $"show {sent.Ref}", "completed", "alice");
        await ReplyShouldContainAsync(session, $"show {sent.Id}", "completed");
        await ReplyShouldContainAsync(session, $"cancel {sent.Id}", "already closed");
        await session.RecordPendingAsync("ab000001");
        await ReplyShouldContainAsync(session, "cancel #AB00", "alice cancelled ab000001");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task CheckAndAttach_Repeated_UseNoCodeAgain(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        await session.SendAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await session.App.RecordsAsync());
        var code = Assert.Single(session.App.Alibaba.Outbox.Messages).Code;

        var wrong = session.Typed($"check {sent.Ref} 192.168.7.0/24 x");
        Assert.Contains(
            "wrong or expired", ChatSession.ReadText(await session.DeliverAsync(wrong)), StringComparison.Ordinal);
        await session.DeliverAsync(wrong);
        var conflict = await ReplyShouldContainAsync(
            session, $"check {sent.Ref} 172.16.0.0/20 {code}", "overlaps with a route", "192.168.0.0/20");
        await ReplyShouldContainAsync(session, $"check {sent.Ref} 192.168.7.0/24 {code}", "can be attached");
        var wrongAttach = session.Typed($"attach {sent.Ref} {Site} x");
        await session.DeliverAsync(wrongAttach);
        await session.DeliverAsync(wrongAttach);
        var attached = await ReplyShouldContainAsync(session, $"attach {sent.Ref} {Site} {code}", "is attached to");

        Assert.DoesNotContain(code, conflict + attached, StringComparison.Ordinal);
        var record = Assert.Single(await session.App.RecordsAsync());
        Assert.Equal(
            (VerificationState.Completed, Site, "alice", 3),
            (record.State, record.OfficeSiteId, record.ClosedBy, record.CheckTimes?.Count));
        Assert.Equal(
            ["SendVerifyCode", "VerifyCen", "VerifyCen", "VerifyCen", "AttachCen", "AttachCen", "DescribeOfficeSites"],
            session.App.Alibaba.Requests.Items.Select(request => request.Action!));
        session.App.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0", (await session.App.Api.GetAsync("reports/stale"))["staleCount"]);
    }

    [Fact]
    public async Task Command_UserNotAllowed_ReadsAndChangesNothing()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.SendAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await session.App.RecordsAsync());

        foreach (var command in new[]
                 {
                     $"send {A.FreshCen()}", $"done {sent.Ref}", $"cancel {sent.Id}",
                     $"check {sent.Ref} 192.168.7.0/24 x", $"attach {sent.Ref} {Site} x",
                 })
        {
            var refusal = await session.SendAsync(command, user: Mallory);
            Assert.All(
                ["You are not allowed to run this command", Mallory, "ChatOps:Slack:AllowedUsers"],
                text => Assert.Contains(text, refusal, StringComparison.Ordinal));
        }

        Assert.Contains(sent.Ref, await session.SendAsync("pending", user: Mallory), StringComparison.Ordinal);
        Assert.Contains(sent.Ref, await session.SendAsync($"show {sent.Ref}", user: Mallory), StringComparison.Ordinal);
        Assert.Equal(sent, Assert.Single(await session.App.RecordsAsync()));
        Assert.Single(session.App.Alibaba.Requests.Items);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Send_NoAllowedUsers_SendsNothing(string platform)
    {
        await using var session = await ChatSession.OpenAsync(
            platform, new() { [$"ChatOps:{platform}:AllowedUsers:0"] = null });

        await session.SendAsync($"send {A.FreshCen()}");
        await session.SendAsync($"send {A.FreshCen()}", user: "");

        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task Done_AmbiguousReference_ListsTheMatchesAndClosesNone()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.RecordPendingAsync("ab000001");
        await session.RecordPendingAsync("ab000002");

        await ReplyShouldContainAsync(session, "done ab", "type more digits", "ab000001", "ab000002");

        Assert.All(await session.App.RecordsAsync(), record => Assert.True(record.IsOpen));
    }

    [Theory]
    [InlineData(FaultKind.Denied, "Alibaba Cloud rejected")]
    [InlineData(FaultKind.CloseAfterWork, "does not resend it")]
    public async Task Send_RejectedOrUnknown_RepliesWithCodeAndRequestId(FaultKind fault, string text)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        session.App.Alibaba.Faults.Add(new Fault(fault));

        var reply = await ReplyShouldContainAsync(session, $"send {A.FreshCen()}", text);

        if (Assert.Single(await session.App.RecordsAsync()).LastFailure?.Error is { } error)
        {
            Assert.Contains(error.Code, reply, StringComparison.Ordinal);
            Assert.Contains(error.RequestId!, reply, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("check 8e6a 192.168.7.0/24 739182", "may have counted the attempt", "is attached")]
    [InlineData("attach 8e6a cn-hangzhou+dir-2051660961 739182", "whether the CEN is attached", "counted")]
    public async Task CheckOrAttach_OutcomeUnknown_SaysWhatItMeans(string command, string meaning, string other)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.RecordPendingAsync("8e6a3b70");
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.CloseBeforeWork));

        var reply = await ReplyShouldContainAsync(session, command, "Outcome unknown", meaning);

        Assert.DoesNotContain(other, reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resend_WithinCooldown_RepliesWithTheTimeToWait()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();
        await session.SendAsync($"send {cen}");
        session.App.Time.Advance(TimeSpan.FromSeconds(20));

        var sent = Assert.Single(await session.App.RecordsAsync());
        await ReplyShouldContainAsync(session, $"send {cen}", "already open", $"resend {sent.Ref}");
        await ReplyShouldContainAsync(session, $"resend {sent.Ref[..4]}", "Try again in 40 s");

        session.App.Time.Advance(TimeSpan.FromSeconds(40));
        await ReplyShouldContainAsync(session, $"resend {sent.Ref}", "A new code was sent");
        Assert.Equal(2, session.App.Alibaba.Outbox.Messages.Count);
    }

    [Fact]
    public async Task Send_ChannelWithDefaultRegion_UsesIt()
    {
        await using var session = await ChatSession.OpenAsync("Slack", new()
        {
            ["ChatOps:Channels:0:Id"] = "G8PSS9T3V",
            ["ChatOps:Channels:0:DefaultRegion"] = "ap-southeast-1",
        });

        await session.SendAsync($"send {A.FreshCen()}");

        Assert.Equal("ap-southeast-1", Assert.Single(await session.App.RecordsAsync()).Target.RegionId);
    }

    [Fact]
    public async Task InvalidCommand_Reply_HasUnderstoodErrorAndUsage()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await ReplyShouldContainAsync(
            session,
            $"send {cen} 1234567890123456 shanghai",
            $"Understood: send, CEN {cen}, owner ************3456",
            "Error: word 4 is not a CEN, an account ID or a region",
            "Usage: send <cen> [owner] [region]");
        Assert.Empty(await session.App.RecordsAsync());
    }

    [Fact]
    public async Task Reply_LanguageIsChinese_IsInChinese()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk", new() { ["ChatOps:Language"] = "zh-CN" });
        var cen = A.FreshCen();

        await ReplyShouldContainAsync(session, $"send {cen}", $"已向 {cen} 的所有者发送验证码");
        await ReplyShouldContainAsync(session, "sned", "未知命令 sned，您是否想输入 send？");
    }

    [Fact]
    public async Task Pending_FailedSend_IsListedForAnHour()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await session.SendAsync($"send {A.FreshCen()}");
        var failed = Assert.Single(await session.App.RecordsAsync());

        session.App.Time.Advance(TimeSpan.FromHours(1));
        var pending = await session.SendAsync("pending");
        Assert.Contains("Not sent in the last hour: 1", pending, StringComparison.Ordinal);
        Assert.Contains(failed.Ref, pending, StringComparison.Ordinal);

        session.App.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(failed.Ref, await session.SendAsync("pending"), StringComparison.Ordinal);
    }

    /// <summary>The command reads the store page by page, so it also finds failures after many older records.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pending_ManyOlderRecords_ListsRecentFailures(bool areOpen)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var before = session.App.Time.GetUtcNow();
        EcdOutcome<EcdResponse> outcome = areOpen ? new EcdResponse("R-1") : new EcdFailure.NotSent("no connection");
        await Task.WhenAll(Enumerable.Range(0, 1500).Select(_ =>
            session.App.Store.WriteAsync(A.Verification.Record(before).ApplyOutcome(1, outcome, before))));
        session.App.Time.Advance(TimeSpan.FromHours(2));
        var open = await session.App.RecordPendingAsync();
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await session.SendAsync($"send {A.FreshCen()}");

        var pending = await session.SendAsync("pending");

        Assert.Contains($"Open verifications: {(areOpen ? "the first 19" : "1")}", pending, StringComparison.Ordinal);
        Assert.Contains("Not sent in the last hour: 1", pending, StringComparison.Ordinal);
        Assert.Contains("not sent", pending, StringComparison.Ordinal);
        Assert.Equal(!areOpen, pending.Contains(open.Ref, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("not sent")]
    [InlineData("cancelled")]
    [InlineData("completed")]
    public async Task Show_ClosedVerification_IsFound(string state)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        if (state == "not sent")
        {
            session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        }

        await session.SendAsync($"send {A.FreshCen()}");
        var sent = Assert.Single(await session.App.RecordsAsync());
        if (state != "not sent")
        {
            await session.SendAsync($"{(state == "completed" ? "done" : "cancel")} {sent.Ref}");
        }

        var shown = await session.SendAsync($"show {sent.Ref[..6]}");

        Assert.Contains(sent.Ref, shown, StringComparison.Ordinal);
        Assert.Contains(state, shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_StoreFails_RepliesAndLogs()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        await session.SendAsync("pending");
        await session.App.BreakStoreAsync();

        await ReplyShouldContainAsync(session, "pending", "The command failed");
        Assert.Contains(session.App.Log.Entries, entry => entry.EventId == 401);
    }

    private static async Task<string> ReplyShouldContainAsync(
        ChatSession session, string command, params string[] texts)
    {
        var reply = await session.SendAsync(command);
        Assert.All(texts, text => Assert.Contains(text, reply, StringComparison.Ordinal));
        return reply;
    }
}
