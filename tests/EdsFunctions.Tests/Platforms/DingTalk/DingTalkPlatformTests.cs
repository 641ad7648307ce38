using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.DingTalk;

public sealed class DingTalkPlatformTests
{
    private const string Cen = "cen-3weq30r6t0s7t4abcd";

    private static readonly CenTarget Target = new("cn-hangzhou", Cen, new AccountId(1234567890123456));

    /// <summary>
    /// DingTalk's signature does not cover the body, so someone who captured a delivery could change it.
    /// </summary>
    [Fact]
    public async Task Send_DeliveryIdReusedForAnotherCommand_SendsNothing()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");
        var request = session.Typed($"send {A.FreshCen()}");
        await session.DeliverAsync(request);

        var other = request.WithText(request.Text.Replace("cen-", "cen-x", StringComparison.Ordinal));
        var reply = ChatSession.ReadText(await session.DeliverAsync(other));

        Assert.Contains("delivered before with another command", reply, StringComparison.Ordinal);
        Assert.Single(session.App.Alibaba.Outbox.Messages);
        Assert.Single(await session.App.RecordsAsync());
    }

    /// <summary>
    /// The text of a DingTalk message begins with mentions, or is rich text: QwenLM/qwen-code#11674,
    /// HKUDS/nanobot#1903.
    /// </summary>
    [Theory]
    [InlineData("""[{"text":" send "},{"text":"<cen> 1234567890123456"}]""")]
    [InlineData("""[{"text":"@EDS"},{"text":"send"},{"text":"\n"},{"text":"<cen>"},{"text":"1234567890123456"}]""")]
    [InlineData("""[{"type":"picture","downloadCode":"x"},{"type":"text","text":"send <cen> 1234567890123456"}]""")]
    public async Task Send_RichText_IsJoined(string parts)
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");
        var content = $$"""{"richText":{{parts.Replace("<cen>", Cen, StringComparison.Ordinal)}}}""";

        await SendAsync(session, "richText", content);

        Assert.Equal(Target, Assert.Single(await session.App.RecordsAsync()).Target);
    }

    [Theory]
    [InlineData("picture", """{"downloadCode":"x"}""")]
    [InlineData("audio", """{"recognition":"send cen-3weq30r6t0s7t4abcd","downloadCode":"x"}""")]
    [InlineData("video", """{"videoType":"mp4"}""")]
    [InlineData("file", """{"fileName":"send cen-3weq30r6t0s7t4abcd"}""")]
    [InlineData("richText", """{"richText":[{"type":"picture","downloadCode":"x"}]}""")]
    [InlineData("richText", "null")]
    [InlineData("unknownMsgType", """{"text":"send cen-3weq30r6t0s7t4abcd"}""")]
    public async Task Message_WithoutText_IsRepliedToWithAHint(string type, string content)
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");

        var reply = await SendAsync(session, type, content);

        Assert.Contains("the message has no text", reply, StringComparison.Ordinal);
        Assert.Empty(await session.App.RecordsAsync());
    }

    [Theory]
    [InlineData(" @Ops Bot\u2005send {0}")]
    [InlineData("@ops bot\u2005send {0}")]
    [InlineData("@EDS 助手\u2005send {0}")]
    [InlineData("@Alice Smith\u2005@Ops Bot\u2005send {0}")]
    [InlineData("@Alice @EDS send {0}")]
    [InlineData("@Ops Bot 2 send {0}")]
    [InlineData("@EDS 助手 send {0}")]
    [InlineData("@Alice Smith @Ops Bot send {0}")]
    [InlineData("> done 8e6a\n@Ops Bot send {0}")]
    [InlineData("@EDS\u00A0send {0}")]
    [InlineData("> done 8e6a\n@Ops Bot\u2005send {0}")]
    public async Task Send_Mention_IsRemoved(string text)
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");

        await SendTextAsync(session, text.Replace("{0}", $"{Cen} 1234567890123456", StringComparison.Ordinal));

        Assert.Equal(Target, Assert.Single(await session.App.RecordsAsync()).Target);
    }

    [Theory]
    [InlineData("@EDS do not send {0}")]
    [InlineData("@EDS DO NOT send {0}")]
    [InlineData("@EDS Never send {0}")]
    [InlineData("@EDS 不要 send {0}")]
    [InlineData("@EDS 請勿 send {0}")]
    [InlineData("@EDS 取消 send {0}")]
    [InlineData("@EDS Cannot send {0}")]
    [InlineData("@EDS do not ask @Bob\u2005send {0}")]
    [InlineData("@EDS DO NOT ask @Bob\u2005send {0}")]
    [InlineData("@EDS Never @Bob send {0}")]
    [InlineData("@EDS\u2005Never send {0}")]
    [InlineData("@EDS > send {0}")]
    [InlineData("@EDS “send {0}”")]
    [InlineData("「Alice：send {0}」\n- - - - -\n@EDS pending")]
    [InlineData("Ops Bot send {0}")]
    public async Task Send_QuotedOrInASentence_SendsNothing(string text)
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");

        await SendTextAsync(session, text.Replace("{0}", Cen, StringComparison.Ordinal));

        Assert.Empty(await session.App.RecordsAsync());
    }

    /// <summary>A delivery also contains the message that the user replies to: QwenLM/qwen-code#9536.</summary>
    [Fact]
    public async Task Send_InTheRepliedMessage_IsNotRun()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");
        var request = session.Typed("pending");
        var message = JsonNode.Parse(request.Text)!;
        message["text"]!["isReplyMsg"] = true;
        message["text"]!["repliedMsg"] = new JsonObject
        {
            ["msgType"] = "text",
            ["content"] = new JsonObject { ["text"] = $"send {Cen}" },
        };

        var reply = ChatSession.ReadText(
            await session.DeliverAsync(session.Sign(request.WithText(message.ToJsonString()))));

        Assert.Contains("No open verifications", reply, StringComparison.Ordinal);
        Assert.Empty(await session.App.RecordsAsync());
    }

    private static Task<string> SendTextAsync(ChatSession session, string text) => SendAsync(
        session, message => message["text"]!["content"] = text);

    private static Task<string> SendAsync(ChatSession session, string type, string content) => SendAsync(
        session,
        message =>
        {
            message["msgtype"] = type;
            message["content"] = JsonNode.Parse(content);
            message.AsObject().Remove("text");
        });

    private static async Task<string> SendAsync(ChatSession session, Action<JsonNode> change)
    {
        var request = session.Typed("");
        var message = JsonNode.Parse(request.Text)!;
        change(message);
        return ChatSession.ReadText(
            await session.DeliverAsync(session.Sign(request.WithText(message.ToJsonString()))));
    }
}
