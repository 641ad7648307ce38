using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>A chat platform as the app sees it: signs and delivers what someone typed, by what the platform documents.</summary>
/// <param name="Name">Its name in the configuration, and, in lower case, in its route.</param>
/// <param name="Secret">What it signs with.</param>
/// <param name="OtherSecret">Another secret of its form.</param>
internal abstract record ChatPlatform(string Name, string Secret, string OtherSecret)
{
    public const string Alice = "U2CERLKJA";

    public static IReadOnlyDictionary<string, ChatPlatform> All { get; } =
        new ChatPlatform[] { new Slack(), new Teams(), new DingTalk() }.ToDictionary(platform => platform.Name);

    public string Route => $"chatops/{Name.ToLowerInvariant()}";

    /// <summary>Whether what was typed is a part of what is signed.</summary>
    public virtual bool SignsBody => true;

    /// <summary>How long a signature is good; null where it names no time.</summary>
    public virtual TimeSpan? FreshFor => null;

    /// <summary>Everything that a test may want to spoil.</summary>
    public abstract ChatRequest Deliver(string typed, string delivery, DateTimeOffset at, string user = Alice, string name = "alice");

    public abstract ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at);

    protected static string Hmac(string key, string message, Func<byte[], string> format) =>
        format(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(message)));

    private sealed record Slack() : ChatPlatform("Slack", "8f742231b10e8888abcd99yyyzzz85a5", "0000000010e8888abcd99yyyzzz85a5")
    {
        public override TimeSpan? FreshFor => TimeSpan.FromMinutes(5);

        public override ChatRequest Deliver(string typed, string delivery, DateTimeOffset at, string user, string name) => Sign(
            new ChatRequest(
                "application/x-www-form-urlencoded",
                Encoding.UTF8.GetBytes(string.Join('&', new Dictionary<string, string>
                {
                    ["token"] = "xyzz0WbapA4vBCDEFasx0q6G",
                    ["team_id"] = "T1DC2JH3J",
                    ["team_domain"] = "testteamnow",
                    ["channel_id"] = "G8PSS9T3V",
                    ["channel_name"] = "foobar",
                    ["user_id"] = user,
                    ["user_name"] = name,
                    ["command"] = "/eds",
                    ["text"] = typed,
                    ["response_url"] = "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN",
                    ["trigger_id"] = delivery,
                }.Select(field => $"{field.Key}={Uri.EscapeDataString(field.Value).Replace("%20", "+", StringComparison.Ordinal)}")))),
            Secret,
            at);

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
        {
            var time = $"{at.ToUnixTimeSeconds()}";
            return request with
            {
                Headers = new Dictionary<string, string>
                {
                    ["X-Slack-Request-Timestamp"] = time,
                    ["X-Slack-Signature"] = "v0=" + Hmac(secret, $"v0:{time}:{request.Text}", Convert.ToHexStringLower),
                },
            };
        }
    }

    private sealed record Teams() : ChatPlatform(
        "Teams", "vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=")
    {
        public override ChatRequest Deliver(string typed, string delivery, DateTimeOffset at, string user, string name) => Sign(
            new ChatRequest("application/json; charset=utf-8", Encoding.UTF8.GetBytes(new JsonObject
            {
                ["type"] = "message",
                ["id"] = delivery,
                ["timestamp"] = at.UtcDateTime.ToString("O"),
                ["serviceUrl"] = "https://smba.trafficmanager.net/emea/",
                ["channelId"] = "msteams",
                ["from"] = new JsonObject { ["id"] = "29:1a", ["name"] = name, ["aadObjectId"] = user },
                ["conversation"] = new JsonObject
                {
                    ["isGroup"] = true,
                    ["id"] = "19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1485983194839",
                },
                ["textFormat"] = "plain",
                ["text"] = $"<at>EDS &amp; more</at>&nbsp;{System.Net.WebUtility.HtmlEncode(typed)}\n",
            }.ToJsonString())),
            Secret,
            at);

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at) => request with
        {
            Headers = new Dictionary<string, string>
            {
                ["Authorization"] =
                    "HMAC " + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret), request.Body)),
            },
        };
    }

    private sealed record DingTalk() : ChatPlatform("DingTalk", "this is secret", "this is another")
    {
        public override bool SignsBody => false;

        public override TimeSpan? FreshFor => TimeSpan.FromHours(1);

        public override ChatRequest Deliver(string typed, string delivery, DateTimeOffset at, string user, string name) => Sign(
            new ChatRequest("application/json; charset=utf-8", Encoding.UTF8.GetBytes(new JsonObject
            {
                ["conversationId"] = "cidFHwYk5G4zXl8wQ==",
                ["msgId"] = delivery,
                ["senderNick"] = name,
                ["senderStaffId"] = user,
                ["sessionWebhookExpiredTime"] = at.ToUnixTimeMilliseconds() + 5_400_000,
                ["sessionWebhook"] = "https://oapi.dingtalk.com/robot/sendBySession?session=0a",
                ["conversationType"] = "2",
                ["text"] = new JsonObject { ["content"] = $" @EDS\u2005{typed}" },
                ["msgtype"] = "text",
            }.ToJsonString())),
            Secret,
            at);

        public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
        {
            var time = $"{at.ToUnixTimeMilliseconds()}";
            return request with
            {
                Headers = new Dictionary<string, string>
                {
                    ["timestamp"] = time,
                    ["sign"] = Hmac(secret, $"{time}\n{secret}", Convert.ToBase64String),
                },
            };
        }
    }
}
