using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Feishu;

/// <summary>Commands in encrypted events of Feishu or Lark, and replies by the platform's API.</summary>
public sealed class FeishuCommandTests
{
    /// <summary>
    /// <c>openssl enc -aes-256-cbc -K $(printf %s "$KEY" | openssl dgst -sha256 -hex)</c> of
    /// <c>{"challenge":"ajls384kdjx98XX","token":"verification-token","type":"url_verification"}</c>, preceded by its
    /// initialization vector.
    /// </summary>
    private static readonly ChatRequest Challenge = Json(
        """{"encrypt":"AAECAwQFBgcICQoLDA0OD1QNOYLkxicPeuOkC2uBtGXZqBdDbSivj3KCh5STWRV8uJAxnwrSyCUUnKOmb73ldTCDfhJH""" +
        """oAWkQ9ZHR2KUZ5BP8g67OJtPzMeqF/lov/P52FD52ISsyEwXn+2HLUTKQw=="}""");

    /// <summary>
    /// An event with the message <c>@_user_1 pending</c>, encrypted in the same way as the challenge.
    /// </summary>
    private static readonly ChatRequest Pending = Json(File.ReadAllText(
        Repository.Path("tests", "EdsFunctions.Tests", "Platforms", "Feishu", "feishu-pending.json")).Trim());

    [Fact]
    public async Task Handshake_EncryptedWithTheKey_ReturnsTheChallenge()
    {
        await using var feishu = await FeishuSession.OpenAsync();

        Assert.Equal("ajls384kdjx98XX", (await feishu.DeliverAsync(Challenge)).ShouldBe(200)["challenge"]);
        var plain = Json("""{"challenge":"x","token":"verification-token","type":"url_verification"}""");
        (await feishu.DeliverAsync(plain)).ShouldBeProblem(401, "signature-invalid");
    }

    [Theory]
    [InlineData("ChatOps:Feishu:Secrets:0", "another-key-of-the-test")]
    [InlineData("ChatOps:Feishu:VerificationToken", "another-token")]
    public async Task Handshake_OfAnotherApp_Returns401(string setting, string value)
    {
        await using var feishu = await FeishuSession.OpenAsync(new() { [setting] = value });

        (await feishu.DeliverAsync(Challenge)).ShouldBeProblem(401, "signature-invalid");
    }

    /// <summary>
    /// The signature in this test was made with <c>printf %s "1795521600736588c9$KEY$BODY" | openssl dgst -sha256</c>.
    /// </summary>
    [Fact]
    public async Task Command_SignedByOpenSsl_IsRepliedToByTheApi()
    {
        await using var feishu = await FeishuSession.OpenAsync();

        var response = await feishu.DeliverAsync(Pending.With(
            ("X-Lark-Request-Timestamp", "1795521600"),
            ("X-Lark-Request-Nonce", "736588c9"),
            ("X-Lark-Signature", "2b7f7264c7c0ec08403693cf715410da1918a1409ab4ec684b4a22ec53463b64")));

        Assert.Equal("{}", response.ShouldBe(200).Text);
        var token = await feishu.Api.NextAsync();
        Assert.Equal("POST /open-apis/auth/v3/tenant_access_token/internal HTTP/1.1", token.Line);
        Assert.Equal("""{"app_id":"cli_1","app_secret":"dskLLdkasdjlasdKK"}""", token.Body);
        var reply = await feishu.Api.NextAsync();
        Assert.Equal(
            "POST /open-apis/im/v1/messages/om_5ce6d572455d361153b7cb51da133945/reply HTTP/1.1", reply.Line);
        Assert.Equal("Bearer t-token", reply.Header("Authorization"));
        var body = JsonNode.Parse(reply.Body)!;
        Assert.Equal("post", body["msg_type"]!.GetValue<string>());
        var content = JsonNode.Parse(body["content"]!.GetValue<string>())!;
        Assert.Equal("No open verifications", content["zh_cn"]!["title"]!.GetValue<string>());
    }

    [Fact]
    public async Task Send_DeliveredAgain_SendsOneCode()
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var command = $"send {A.FreshCen()}";

        for (var i = 0; i < 2; i++)
        {
            (await feishu.DeliverAsync(feishu.Deliver(command, "event-1"))).ShouldBe(200);
            await feishu.Api.NextAsync();
            Assert.Contains(
                i == 0 ? "A code was sent" : "already run",
                (await feishu.Api.NextAsync()).Body,
                StringComparison.Ordinal);
            await feishu.StopAsync();
            feishu.App.Time.Advance(TimeSpan.FromMinutes(3));
        }

        Assert.Single(feishu.App.Alibaba.Outbox.Messages);
        var sent = Assert.Single(await feishu.App.RecordsAsync());
        Assert.Equal((FakeChatPlatform.Alice, false), (sent.RequestedBy, sent.OutcomeUndelivered));
    }

    /// <summary>
    /// The app ignores events that are no command: a message of the bot itself, an image, and another type of event.
    /// </summary>
    [Theory]
    [InlineData("im.message.receive_v1", "app", "text")]
    [InlineData("im.message.receive_v1", "user", "image")]
    [InlineData("im.chat.member.bot.added_v1", "user", "text")]
    public async Task Event_NotACommand_IsAcceptedAndIgnored(string type, string sender, string messageType)
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var delivery = FakeFeishu.Event(
            $"send {A.FreshCen()}", "event-1", "om_1", FakeChatPlatform.Alice, type, sender, messageType);

        (await feishu.DeliverAsync(feishu.Sign(FeishuSession.Feishu.Encrypt(delivery)))).ShouldBe(200);

        await feishu.StopAsync();
        Assert.Empty(await feishu.App.RecordsAsync());
        Assert.Empty(feishu.Api.Requests);
    }

    /// <summary>Rich text with mentions, links and code: HKUDS/nanobot#2246, chenhg5/cc-connect#725.</summary>
    [Theory]
    [InlineData("""
        {"title":"","content":[[{"tag":"at","user_id":"@_user_1"},{"tag":"text","text":" send ","style":["bold"]},
        {"tag":"text","text":"<cen>"}],[{"tag":"text","text":"1234567890123456"}]]}
        """)]
    [InlineData("""
        {"content":[[{"tag":"text","text":"send"},{"tag":"a","href":"https://a.b/<cen>","text":"my CEN"},
        {"tag":"img","image_key":"x"}],[{"tag":"code_block","text":"1234567890123456"}]]}
        """)]
    [InlineData("""{"title":"send","content":[[{"tag":"md","text":"[x](https://a.b/<cen>) `1234567890123456`"}]]}""")]
    public async Task Send_Post_IsJoined(string content)
    {
        await using var feishu = await FeishuSession.OpenAsync();
        var cen = A.FreshCen();

        await DeliverAsync(feishu, "post", content.Replace("<cen>", cen, StringComparison.Ordinal), "group");

        Assert.Equal(
            new CenTarget("cn-hangzhou", cen, new AccountId(1234567890123456)),
            Assert.Single(await feishu.App.RecordsAsync()).Target);
    }

    [Theory]
    [InlineData("image", """{"image_key":"x"}""")]
    [InlineData("file", """{"file_key":"x","file_name":"send cen-x"}""")]
    [InlineData("sticker", """{"file_key":"x"}""")]
    [InlineData("post", """{"title":"","content":[[{"tag":"img","image_key":"x"}]]}""")]
    [InlineData("post", """{"content":"x"}""")]
    public async Task Message_WithoutText_IsRepliedToWithAHintUnlessInAGroup(string type, string content)
    {
        await using var feishu = await FeishuSession.OpenAsync();

        await DeliverAsync(feishu, type, content, "group");
        Assert.Empty(feishu.Api.Requests);
        await DeliverAsync(feishu, type, content, "p2p");

        await feishu.Api.NextAsync();
        Assert.Contains("the message has no text", (await feishu.Api.NextAsync()).Body, StringComparison.Ordinal);
        Assert.Empty(await feishu.App.RecordsAsync());
    }

    [Theory]
    [InlineData(
        "ChatOps:Feishu:Host",
        "open.feishu.cn.evil.example",
        "ChatOps:Feishu:Host must be open.feishu.cn or open.larksuite.com.")]
    [InlineData("ChatOps:Feishu:AppSecret", "", "ChatOps:Feishu:AppSecret is empty.")]
    public async Task Start_InvalidSetting_NamesTheSetting(string setting, string value, string line)
    {
        var invalid = await Assert.ThrowsAsync<OptionsValidationException>(
            () => FeishuSession.OpenAsync(new() { [setting] = value }));

        Assert.Equal(line, Assert.Single(invalid.Failures));
    }

    private static async Task DeliverAsync(FeishuSession feishu, string type, string content, string chatType)
    {
        var delivery = FakeFeishu.Event("", $"event-{chatType}", "om_1", FakeChatPlatform.Alice, messageType: type);
        delivery["event"]!["message"]!["content"] = content;
        delivery["event"]!["message"]!["chat_type"] = chatType;

        (await feishu.DeliverAsync(feishu.Sign(FeishuSession.Feishu.Encrypt(delivery)))).ShouldBe(200);
        await feishu.StopAsync();
    }

    private static ChatRequest Json(string body) =>
        new("application/json; charset=utf-8", Encoding.UTF8.GetBytes(body));
}
