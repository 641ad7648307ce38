using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Slack;

public sealed class SlackPlatformTests
{
    private const string Check = "ssl_check=1&token=xyzz0WbapA4vBCDEFasx0q6G";

    [Theory]
    [InlineData("ephemeral", "pending", "public", "check 8e6a 192.168.7.0/24 739182 public")]
    [InlineData("in_channel", "pending public", "PENDING Public")]
    public async Task Reply_Command_IsPublicOnlyIfAskedForAndWithoutACode(string type, params string[] commands)
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
    public async Task Delivery_SignedSslCheck_Returns200()
    {
        await using var session = await ChatSession.OpenAsync("Slack");

        (await session.DeliverAsync(session.Sign(session.Typed("pending").WithText(Check)))).ShouldBe(200);
    }

    /// <summary>Slack turns text in a command into links: slackapi/hubot-slack#181.</summary>
    [Theory]
    [InlineData("send <http://cen.console.aliyun.com/cen/detail/{0}/attachInstance|cen.console.aliyun.com/cen> {1}")]
    [InlineData("send <http://cen.console.aliyun.com/cen/detail/{0}|cen.console.aliyun.com/cen/detail/{0}> {1}")]
    [InlineData("send <https://cen.console.aliyun.com/?a=1&amp;cenId={0}> {1}")]
    [InlineData("send <https://cen.console.aliyun.com/{0}|my CEN> {1}")]
    [InlineData("send <https://cen.console.aliyun.com/x|{0}> <tel:{1}|{1}>")]
    [InlineData("send {0} <tel:{1}>")]
    [InlineData("send <https://cen.console.aliyun.com/{0}|CEN of {1}>")]
    [InlineData("<@U0BOT|ops bot> send {0} {1}")]
    [InlineData("&gt; done 8e6a\n```send {0} {1}```")]
    public async Task Send_Link_FindsTheCenInItsTargetOrLabel(string text)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await session.SendAsync(text
            .Replace("{0}", cen, StringComparison.Ordinal)
            .Replace("{1}", "1234567890123456", StringComparison.Ordinal));

        Assert.Equal(
            new CenTarget("cn-hangzhou", cen, new AccountId(1234567890123456)),
            Assert.Single(await session.App.RecordsAsync()).Target);
    }

    /// <summary>If the label of a link is a region, the command uses this region, and not the default region.</summary>
    [Fact]
    public async Task Send_LinkWithRegionAsLabel_UsesTheRegion()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var cen = A.FreshCen();

        await session.SendAsync($"send {cen} <https://vpc.console.aliyun.com/cen/{cen}|cn-shanghai>");

        Assert.Equal("cn-shanghai", Assert.Single(await session.App.RecordsAsync()).Target.RegionId);
    }

    /// <summary>Notifications and screen readers show only the field <c>text</c>: louislam/uptime-kuma#247.</summary>
    [Fact]
    public void Payload_AnyPart_IsInTheText()
    {
        var payload = SlackFormat.Payload(new Message(
            "headline",
            ["line 1", "line 2"],
            [new("title", [new("State: ", "open"), new("Type: ", "done 8e6a", true)])],
            "footer"));

        Assert.Equal(
            "headline\nline 1\nline 2\ntitle\nState: open\nType: done 8e6a\nfooter",
            payload["text"]!.GetValue<string>());
    }

    /// <summary>Slack's signature covers the raw body, not the decoded form.</summary>
    [Fact]
    public async Task Delivery_EncodedDifferentlyThanSigned_Returns401()
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        var request = session.Typed("pending");

        foreach (var body in new[] { Check, request.Text.Replace("=pending", "=%70ending", StringComparison.Ordinal) })
        {
            (await session.DeliverAsync(request.WithText(body))).ShouldBeProblem(401, "signature-invalid");
        }
    }
}
