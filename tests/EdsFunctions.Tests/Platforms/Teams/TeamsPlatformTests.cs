using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Teams;

public sealed class TeamsPlatformTests
{
    private const string Cen = "cen-3weq30r6t0s7t4abcd";

    private const string Mention =
        """<span itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0">EDS</span>&nbsp;""";

    /// <summary>
    /// In a thread, <c>conversation.id</c> is the id of the thread, not of the channel: vercel/eve#211.
    /// </summary>
    [Theory]
    [InlineData("""{"conversation":{"id":"19:ops@thread.tacv2;messageid=1700000000000"}}""")]
    [InlineData("""{"conversation":{"id":"19:ops@thread.tacv2"}}""")]
    [InlineData("""{"conversation":{"id":"19:x"},"channelData":{"channel":{"id":"19:ops@thread.tacv2"}}}""")]
    [InlineData("""{"conversation":{"id":"19:x"},"channelData":{"teamsChannelId":"19:ops@thread.tacv2"}}""")]
    public async Task Send_ThreadOfAChannel_UsesTheRegionOfTheChannel(string ids)
    {
        await using var session = await OpenAsync();

        await SendAsync(session, $"send {Cen}", JsonNode.Parse(ids)!.AsObject());

        Assert.Equal("cn-shanghai", Assert.Single(await session.App.RecordsAsync()).Target.RegionId);
    }

    /// <summary>
    /// A command in another channel uses the default region. The channel <i>General</i> has the same id as its team.
    /// </summary>
    [Theory]
    [InlineData("""{"conversation":{"id":"19:x;messageid=1"},"channelData":{"team":{"id":"19:ops@thread.tacv2"}}}""")]
    [InlineData("""{"conversation":{"id":"19:ops@thread.tacv2-2;messageid=1"}}""")]
    public async Task Send_AnotherChannel_UsesTheDefaultRegion(string ids)
    {
        await using var session = await OpenAsync();

        await SendAsync(session, $"send {Cen}", JsonNode.Parse(ids)!.AsObject());

        Assert.Equal("cn-hangzhou", Assert.Single(await session.App.RecordsAsync()).Target.RegionId);
    }

    /// <summary>
    /// Some clients of Teams send the address of a link in the attachment only: MicrosoftDocs/msteams-docs#3960.
    /// </summary>
    [Theory]
    [InlineData($"send <a href=\"https://a.b/{Cen}\">Title</a> 1234567890123456", null)]
    [InlineData($"send <a class='x' HREF='https://a.b/?a=1&amp;id={Cen}'><b>my</b> CEN</a> 1234567890123456", null)]
    [InlineData($"send <a href=\"https://a.b/cen-another\">{Cen}</a> 1234567890123456", null)]
    [InlineData($"send {Cen} <a href=\"tel:1234567890123456\">1234567890123456</a>", null)]
    [InlineData("send Title 1234567890123456", $"<a href=\"https://a.b/{Cen}\">Title</a> 1234567890123456")]
    [InlineData("<at>Ops</at> <at>Bot</at> send Title", $"<a href=\"https://a.b/{Cen}\">my CEN 1234567890123456</a>")]
    public async Task Send_Link_FindsTheCenInItsTargetOrLabel(string text, string? html)
    {
        await using var session = await OpenAsync();

        await SendAsync(session, text, html is null ? [] : Attach($"<div>{Mention}send {html}</div>"));

        Assert.Equal(
            new CenTarget("cn-hangzhou", Cen, new AccountId(1234567890123456)),
            Assert.Single(await session.App.RecordsAsync()).Target);
    }

    [Theory]
    [InlineData("<blockquote>done {0}</blockquote>pending", null, "8e6a3b70")]
    [InlineData("<blockquote>a<blockquote>b</blockquote>done {0}</blockquote>", null, "help")]
    [InlineData("<blockquote>done {0}", null, "help")]
    [InlineData("&gt; done {0}", null, "help")]
    [InlineData("done {0} pending", $"<blockquote>done {{0}}</blockquote><p>{Mention}pending</p>", "8e6a3b70")]
    [InlineData("done {0}", $"<blockquote>done {{0}}</blockquote><p>{Mention}</p>", "help")]
    [InlineData("pending", "<blockquote>done {0}</blockquote>", "8e6a3b70")]
    [InlineData("done {0}", "<blockquote>done {0}</blockquote>", "help")]
    [InlineData("done {0}", "<blockquote><b>Alice</b> 10:12<p>done&nbsp;<i>{0}</i></p></blockquote>", "help")]
    [InlineData("Done {0} public", "<blockquote>Alice: please do: done {0}</blockquote>", "help")]
    [InlineData("done {0}", "<blockquote>{0}</blockquote>", "help")]
    public async Task Command_Quoted_IsNotRun(string text, string? html, string reply)
    {
        await using var session = await OpenAsync();
        var open = await session.RecordPendingAsync("8e6a3b70");

        var response = await SendAsync(
            session, Fill(text), html is null ? Reference(Fill("done {0}")) : Attach(Fill(html)));

        Assert.Contains(reply, response, StringComparison.Ordinal);
        Assert.True((await session.App.Store.GetAsync(open.Id, TestContext.Current.CancellationToken))!.IsOpen);

        static string Fill(string text) => text.Replace("{0}", "8e6a3b70", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"message","id":"1","value":{"action":"done 8e6a3b70"}}""")]
    [InlineData("""{"type":"message","id":"1","text":null,"attachments":[{"contentType":"image/png"}]}""")]
    public async Task Message_WithoutText_IsRepliedToWithAHint(string body)
    {
        await using var session = await OpenAsync();

        var reply = ChatSession.ReadText(
            await session.DeliverAsync(session.Sign(session.Typed("pending").WithText(body))));

        Assert.Contains("the message has no text", reply, StringComparison.Ordinal);
    }

    private static Task<ChatSession> OpenAsync() => ChatSession.OpenAsync("Teams", new()
    {
        ["ChatOps:Channels:0:Id"] = "19:ops@thread.tacv2",
        ["ChatOps:Channels:0:DefaultRegion"] = "cn-shanghai",
    });

    /// <summary>Sends an activity with a text in HTML, and with further properties.</summary>
    private static async Task<string> SendAsync(ChatSession session, string text, JsonObject properties)
    {
        var request = session.Typed("");
        var activity = JsonNode.Parse(request.Text)!.AsObject();
        activity["text"] = $"<at>EDS</at>&nbsp;{text}\n";
        foreach (var (name, value) in properties)
        {
            activity[name] = value?.DeepClone();
        }

        return ChatSession.ReadText(
            await session.DeliverAsync(session.Sign(request.WithText(activity.ToJsonString()))));
    }

    private static JsonObject Attach(string html) => Attachment("text/html", html);

    private static JsonObject Reference(string preview) => Attachment(
        "messageReference", new JsonObject { ["messagePreview"] = preview }.ToJsonString());

    private static JsonObject Attachment(string type, string content) => new()
    {
        ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = type, ["content"] = content }),
    };
}
