using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>A chat platform as the app sees it: signs and delivers what someone typed, by what the platform documents.</summary>
/// <param name="Name">Its name in the configuration, and, in lower case, in its route.</param>
/// <param name="Secret">What it signs with.</param>
/// <param name="OtherSecret">Another secret of its form.</param>
/// <param name="MaxAge">How long a signature is valid; null where it has no time.</param>
internal abstract record FakeChatPlatform(string Name, string Secret, string OtherSecret, TimeSpan? MaxAge)
{
    public const string Alice = "U2CERLKJA";

    public static IReadOnlyDictionary<string, FakeChatPlatform> All { get; } =
        new FakeChatPlatform[] { new Slack(), new Teams(), new DingTalk() }.ToDictionary(platform => platform.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    public string Route => $"chatops/{Name.ToLowerInvariant()}";

    public ChatRequest Deliver(string typed, string delivery, DateTimeOffset at, string user = Alice) =>
        Sign(Write(typed, delivery, at, user), Secret, at);

    /// <summary>Signs what a test may have changed.</summary>
    public abstract ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at);

    protected abstract ChatRequest Write(string typed, string delivery, DateTimeOffset at, string user);

    private static ChatRequest Json(JsonObject body) =>
        new("application/json; charset=utf-8", Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static byte[] Hmac(byte[] key, string message) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(message));

    private sealed record Slack() : FakeChatPlatform(
        "Slack", "8f742231b10e8888abcd99yyyzzz85a5", "0000000010e8888abcd99yyyzzz85a5", TimeSpan.FromMinutes(5))
    {
        protected override ChatRequest Write(string typed, string delivery, DateTimeOffset at, string user) => new(
            "application/x-www-form-urlencoded",
            Encoding.UTF8.GetBytes(string.Join('&', new Dictionary<string, string>
            {
                ["token"] = "xyzz0WbapA4vBCDEFasx0q6G",
                ["team_id"] = "T1DC2JH3J",
                ["channel_id"] = "G8PSS9T3V",
                ["user_id"] = user,
                ["user_name"] = "alice",
                ["command"] = "/eds",
                ["text"] = typed,
                ["response_url"] = "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN",
                ["trigger_id"] = delivery,
            }.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value).Replace("%20", "+", StringComparison.Ordinal)}"))));

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
        {
            var time = at.ToUnixTimeSeconds();
            var mac = Hmac(Encoding.UTF8.GetBytes(secret), $"v0:{time}:{request.Text}");
            return request.With(
                ("X-Slack-Request-Timestamp", $"{time}"), ("X-Slack-Signature", $"v0={Convert.ToHexStringLower(mac)}"));
        }
    }

    private sealed record Teams() : FakeChatPlatform(
        "Teams", "vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", MaxAge: null)
    {
        protected override ChatRequest Write(string typed, string delivery, DateTimeOffset at, string user) => Json(new JsonObject
        {
            ["type"] = "message",
            ["id"] = delivery,
            ["timestamp"] = at.UtcDateTime.ToString("O"),
            ["serviceUrl"] = "https://smba.trafficmanager.net/emea/",
            ["from"] = new JsonObject { ["id"] = "29:1a", ["name"] = "alice", ["aadObjectId"] = user },
            ["conversation"] = new JsonObject { ["id"] = "19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1" },
            ["textFormat"] = "plain",
            ["text"] = $"<at>EDS &amp; more</at>&nbsp;{WebUtility.HtmlEncode(typed)}\n",
        });

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
        {
            var mac = HMACSHA256.HashData(Convert.FromBase64String(secret), request.Body);
            return request.With(("Authorization", $"HMAC {Convert.ToBase64String(mac)}"));
        }
    }

    /// <summary>Signs no body.</summary>
    private sealed record DingTalk() : FakeChatPlatform("DingTalk", "SECthis is a secret", "SECthis is another", TimeSpan.FromHours(1))
    {
        protected override ChatRequest Write(string typed, string delivery, DateTimeOffset at, string user) => Json(new JsonObject
        {
            ["conversationId"] = "cidFHwYk5G4zXl8wQ==",
            ["msgId"] = delivery,
            ["senderNick"] = "alice",
            ["senderStaffId"] = user,
            ["sessionWebhook"] = "https://oapi.dingtalk.com/robot/sendBySession?session=0a",
            ["text"] = new JsonObject { ["content"] = $" @EDS\u2005{typed}" },
            ["msgtype"] = "text",
        });

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
        {
            var time = at.ToUnixTimeMilliseconds();
            var mac = Hmac(Encoding.UTF8.GetBytes(secret), $"{time}\n{secret}");
            return request.With(("timestamp", $"{time}"), ("sign", Convert.ToBase64String(mac)));
        }
    }
}
