using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.DingTalk;

internal sealed record FakeDingTalk() : FakeChatPlatform(
    "DingTalk", "SECthis is a secret", "SECthis is another", TimeSpan.FromHours(1))
{
    public override string ReplyProperty => "markdown";

    public override bool SignsBody => false;

    public override IReadOnlyList<string> MalformedBodies =>
    [
        "",
        "null",
        """{"msgId":1,"text":{"content":"pending"}}""",
        """{"msgId":"1","text":"pending"}""",
        """{"msgId":"1","text":{"content":"pending"}} {}""",
    ];

    public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds();
        var mac = Hmac(Encoding.UTF8.GetBytes(secret), $"{time}\n{secret}");
        return request.With(("timestamp", $"{time}"), ("sign", Convert.ToBase64String(mac)));
    }

    protected override ChatRequest Write(string text, string deliveryId, DateTimeOffset at, string user) =>
        Json(new JsonObject
        {
            ["conversationId"] = "cidFHwYk5G4zXl8wQ==",
            ["msgId"] = deliveryId,
            ["senderNick"] = "alice",
            ["senderStaffId"] = user,
            ["sessionWebhook"] = "https://oapi.dingtalk.com/robot/sendBySession?session=0a",
            ["text"] = new JsonObject { ["content"] = $" @EDS\u2005{text}" },
            ["msgtype"] = "text",
        });
}
