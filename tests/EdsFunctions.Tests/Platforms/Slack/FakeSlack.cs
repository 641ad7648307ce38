using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.Slack;

internal sealed record FakeSlack() : FakeChatPlatform(
    "Slack", "8f742231b10e8888abcd99yyyzzz85a5", "0000000010e8888abcd99yyyzzz85a5", TimeSpan.FromMinutes(5))
{
    public override string ReplyProperty => "blocks";

    public override IReadOnlyList<string> MalformedBodies => ["a=1&a=2", "text=pending", "", "null"];

    public override ChatRequest Sign(ChatRequest request, string secret, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds();
        var mac = Hmac(Encoding.UTF8.GetBytes(secret), $"v0:{time}:{request.Text}");
        return request.With(
            ("X-Slack-Request-Timestamp", $"{time}"), ("X-Slack-Signature", $"v0={Convert.ToHexStringLower(mac)}"));
    }

    protected override ChatRequest Write(string text, string deliveryId, DateTimeOffset at, string user) => new(
        "application/x-www-form-urlencoded",
        Encoding.UTF8.GetBytes(string.Join('&', new Dictionary<string, string>
        {
            ["token"] = "xyzz0WbapA4vBCDEFasx0q6G",
            ["team_id"] = "T1DC2JH3J",
            ["channel_id"] = "G8PSS9T3V",
            ["user_id"] = user,
            ["user_name"] = "alice",
            ["command"] = "/eds",
            ["text"] = text,
            ["response_url"] = "https://hooks.slack.com/commands/T1DC2JH3J/397700885554/96rGlfmibIGlgcZRskXaIFfN",
            ["trigger_id"] = deliveryId,
        }.Select(field => $"{field.Key}={Encode(field.Value)}"))));

    private static string Encode(string value) =>
        Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);
}
