using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Teams;

internal sealed record FakeTeams() : FakeChatPlatform(
    "Teams",
    "vqF0En+Z0ucuRTM/01o2GuhMH3hKKk/N2bOmlM31zaA=",
    "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    MaxAge: null)
{
    public override string ReplyProperty => "attachments";

    public override IReadOnlyList<string> MalformedBodies =>
    [
        "", "null", "[]", """{"text":"pending"}""", """{"id":"1","text":"pending""", """{"id":"1","text":"\ud800"}""",
    ];

    public override string EncodeSecret(string key) => Convert.ToBase64String(Encoding.UTF8.GetBytes(key));

    public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
    {
        var mac = HMACSHA256.HashData(Convert.FromBase64String(secret), request.Body);
        return request.With(("Authorization", $"HMAC {Convert.ToBase64String(mac)}"));
    }

    protected override ChatRequest Write(string text, string deliveryId, DateTimeOffset at, string user) =>
        Json(new JsonObject
        {
            ["type"] = "message",
            ["id"] = deliveryId,
            ["timestamp"] = at.UtcDateTime.ToString("O"),
            ["serviceUrl"] = "https://smba.trafficmanager.net/emea/",
            ["from"] = new JsonObject { ["id"] = "29:1a", ["name"] = "alice", ["aadObjectId"] = user },
            ["conversation"] = new JsonObject
            {
                ["id"] = "19:253b1f341670408fb6fe51050b6e5ceb@thread.skype;messageid=1",
            },
            ["textFormat"] = "plain",
            ["text"] = $"<at>EDS &amp; more</at>&nbsp;{WebUtility.HtmlEncode(text)}\n",
        });
}
