using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Feishu;

/// <summary>
/// A fake of Feishu that delivers encrypted events. <see cref="FeishuSession"/> receives the replies.
/// </summary>
internal sealed record FakeFeishu() : FakeChatPlatform(
    "Feishu", "Encrypt-Key-of-the-test", "another-key-of-the-test", TimeSpan.FromHours(1))
{
    public const string VerificationToken = "verification-token";

    public override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>(base.Settings)
    {
        ["ChatOps:Feishu:VerificationToken"] = VerificationToken,
        ["ChatOps:Feishu:AppId"] = "cli_1",
        ["ChatOps:Feishu:AppSecret"] = "dskLLdkasdjlasdKK",
    };

    public override string? ReplyProperty => null;

    public override IReadOnlyList<string> MalformedBodies =>
    [
        "",
        "null",
        "{}",
        """{"encrypt":"AAEC"}""",
        """{"encrypt":"not base64"}""",
        Event("pending", "event-1", "om_1", Alice).ToJsonString(),
        Encrypt(new JsonObject { ["header"] = new JsonObject { ["token"] = "another-token" } }).Text,
        Encrypt(Event("pending", "", "om_1", Alice)).Text,
        Encrypt(Event("pending", "event-1", "om_1/../x", Alice)).Text,
    ];

    public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
    {
        var time = $"{at.ToUnixTimeSeconds()}";
        var signature = SHA256.HashData([.. Encoding.UTF8.GetBytes($"{time}nonce{secret}"), .. request.Body]);
        return request.With(
            ("X-Lark-Request-Timestamp", time),
            ("X-Lark-Request-Nonce", "nonce"),
            ("X-Lark-Signature", Convert.ToHexStringLower(signature)));
    }

    /// <summary>An event that contains a message.</summary>
    public static JsonObject Event(
        string text,
        string eventId,
        string messageId,
        string user,
        string type = "im.message.receive_v1",
        string sender = "user",
        string messageType = "text") => new()
        {
            ["schema"] = "2.0",
            ["header"] = new JsonObject
            {
                ["event_id"] = eventId,
                ["event_type"] = type,
                ["token"] = VerificationToken,
            },
            ["event"] = new JsonObject
            {
                ["sender"] = new JsonObject
                {
                    ["sender_id"] = new JsonObject { ["open_id"] = user },
                    ["sender_type"] = sender,
                },
                ["message"] = new JsonObject
                {
                    ["message_id"] = messageId,
                    ["chat_id"] = "oc_1",
                    ["message_type"] = messageType,
                    ["content"] = new JsonObject { ["text"] = $"@_user_10 {text} @_user_1" }.ToJsonString(),
                    ["mentions"] = new JsonArray(
                        new JsonObject { ["key"] = "@_user_1" }, new JsonObject { ["key"] = "@_user_10" }),
                },
            },
        };

    public ChatRequest Encrypt(JsonObject delivery)
    {
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(Secret));
        var encrypted = aes.EncryptCbc(Encoding.UTF8.GetBytes(delivery.ToJsonString()), aes.IV);
        return Json(new JsonObject { ["encrypt"] = Convert.ToBase64String([.. aes.IV, .. encrypted]) });
    }

    protected override ChatRequest Write(string text, string deliveryId, DateTimeOffset at, string user) =>
        Encrypt(Event(text, deliveryId, "om_1", user));
}
