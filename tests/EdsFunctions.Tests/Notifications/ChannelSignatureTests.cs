namespace EdsFunctions.Tests.Notifications;

/// <summary>Signatures of channels, compared with published vectors and in requests.</summary>
public sealed class ChannelSignatureTests
{
    public static IEnumerable<TheoryDataRow<string, string, string, string>> Vectors =>
        new[] { "dingtalk", "feishu" }.SelectMany(platform => Section(platform).Select(vector =>
            new TheoryDataRow<string, string, string, string>(
                platform, Text(vector, "secret"), Text(vector, "timestamp"), Text(vector, "sign"))));

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_PublishedVector_MatchesTheSignature(
        string platform, string secret, string timestamp, string sign) => Assert.Equal(
        sign,
        platform == "feishu"
            ? FeishuChannel.Sign(new Secret(secret), timestamp)
            : DingTalkChannel.Sign(new Secret(secret), timestamp));

    [Theory]
    [InlineData("https://oapi.dingtalk.com/robot/send?access_token=x1", "https://oapi.dingtalk.com/robot/send?access_token=x1&")]
    [InlineData("https://robots.example/send", "https://robots.example/send?")]
    public void CreateRequest_DingTalk_AddsTheEscapedSignatureToTheUrl(string url, string before)
    {
        var channel = new ReportChannelOptions { Url = url, Secret = "this is secret" };

        using var request = new DingTalkChannel().CreateRequest(
            channel, [], DateTimeOffset.FromUnixTimeMilliseconds(1577262236757));

        Assert.Equal(
            $"{before}timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D",
            request.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task Report_SignedChannels_SendsTimestampAndSignature()
    {
        await using var dingTalk = FakeChannel.Create("DingTalk", "dingtalk");
        await using var feishu = FakeChannel.Create("Feishu", "feishu");
        await using var webhook = FakeChannel.Create("Webhook", "webhook");
        var settings = FakeChannel.Settings(dingTalk, feishu, webhook);
        settings["StaleReport:Channels:dingtalk:Secret"] = "SEC1234567890abcdef";
        settings["StaleReport:Channels:feishu:Secret"] = "SecretOfTheRobot";
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        Assert.StartsWith(
            "POST /services/T0/B0/SecretInThePath?access_token=SecretInTheQuery&timestamp=1795525200000&sign=",
            Assert.Single(dingTalk.Requests).Line,
            StringComparison.Ordinal);
        var body = Assert.Single(feishu.Bodies);
        Assert.Equal("1795525200", body["timestamp"]?.GetValue<string>());
        Assert.Equal(44, body["sign"]?.GetValue<string>().Length);
        var request = Assert.Single(webhook.Requests);
        var headers = new HeaderDictionary();
        foreach (var name in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            headers[name] = request.Header(name);
        }

        Assert.Equal(
            SignatureCheck.Valid,
            StandardWebhooksSender.Signature.Verify(
                SigningKeys.FromStandardWebhooks([FakeChannel.WebhookSecret]),
                headers,
                Encoding.UTF8.GetBytes(request.Body),
                app.Time.GetUtcNow()));
        Assert.Equal("application/json; charset=utf-8", request.Header("Content-Type"));
    }

    private static string Text(JsonElement vector, string name) => vector.GetProperty(name).GetString()!;

    private static List<JsonElement> Section(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "signatures.json"));
        using var document = JsonDocument.Parse(file);
        return [.. document.RootElement.GetProperty(name).EnumerateArray().Select(vector => vector.Clone())];
    }
}
