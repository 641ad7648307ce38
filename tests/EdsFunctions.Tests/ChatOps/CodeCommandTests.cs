namespace EdsFunctions.Tests.ChatOps;

/// <summary>The commands that use a code, on every platform: to the end, once, and without the code in an answer.</summary>
public sealed class CodeCommandTests
{
    private const string Site = "cn-hangzhou+dir-2051660961";

    public static TheoryData<string> Platforms => [.. ChatPlatform.All.Keys];

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task A_verification_goes_from_send_to_attached(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        await room.SayAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await room.App.RecordsAsync());
        var code = Assert.Single(room.App.Alibaba.Outbox.Messages).Code;

        Assert.Contains("not the one that was sent last", await room.SayAsync($"check {sent.Ref} 192.168.7.0/24 x"), StringComparison.Ordinal);
        var conflict = await room.SayAsync($"check {sent.Ref} 172.16.0.0/20 {code}");
        Assert.Contains("overlaps with a route", conflict, StringComparison.Ordinal);
        Assert.Contains("192.168.0.0/20", conflict, StringComparison.Ordinal);
        Assert.Contains("can be attached", await room.SayAsync($"check {sent.Ref} 192.168.7.0/24 {code}"), StringComparison.Ordinal);
        var attached = await room.SayAsync($"attach {sent.Ref} {Site} {code}");

        Assert.Contains("is attached to", attached, StringComparison.Ordinal);
        Assert.DoesNotContain(code, conflict + attached, StringComparison.Ordinal);
        var record = Assert.Single(await room.App.RecordsAsync());
        Assert.Equal((VerificationState.Completed, Site, "alice"), (record.State, record.OfficeSiteId, record.ClosedBy));
        room.App.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("0", (await room.App.Api.GetAsync("reports/stale"))["staleCount"]);
    }

    [Theory]
    [MemberData(nameof(Platforms))]
    public async Task What_is_delivered_again_uses_no_code_again(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        await room.SayAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await room.App.RecordsAsync());
        var check = room.Typed($"check {sent.Ref} 192.168.7.0/24 x");
        var attach = room.Typed($"attach {sent.Ref} {Site} x");

        foreach (var request in new[] { check, check, attach, attach })
        {
            ChatRoom.ReadText(await room.DeliverAsync(request));
        }

        Assert.Equal(
            ["SendVerifyCode", "VerifyCen", "AttachCen"], room.App.Alibaba.Requests.Items.Select(request => request.Action!));
        Assert.Equal(1, Assert.Single(await room.App.RecordsAsync()).Checks);
    }

    [Fact]
    public async Task Slack_shows_the_answer_to_nobody_else_whatever_is_asked()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");

        var reply = await room.DeliverAsync(room.Typed("check 8e6a 192.168.7.0/24 739182 public"));

        Assert.Equal("ephemeral", reply["response_type"]);
    }

    [Fact]
    public async Task Who_is_not_allowed_uses_no_code()
    {
        await using var room = await ChatRoom.OpenAsync("Slack");
        await room.SayAsync($"send {A.FreshCen()} 1234567890123456");
        var sent = Assert.Single(await room.App.RecordsAsync());

        await room.SayAsync($"check {sent.Ref} 192.168.7.0/24 x", user: "U0MALLORY");
        await room.SayAsync($"attach {sent.Ref} {Site} x", user: "U0MALLORY");

        Assert.Single(room.App.Alibaba.Requests.Items);
    }
}
