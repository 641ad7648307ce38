namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>What is signed, against the published signatures.</summary>
public sealed class ChannelSignatureTests
{
    public static TheoryData<string, string, string> DingTalk => Load("dingtalk");

    public static TheoryData<string, string, string> Feishu => Load("feishu");

    [Theory]
    [MemberData(nameof(DingTalk))]
    public void DingTalk_is_signed_as_published(string secret, string timestamp, string sign) =>
        Assert.Equal(sign, DingTalkChannel.Sign(new Secret(secret), timestamp));

    [Theory]
    [MemberData(nameof(Feishu))]
    public void Feishu_is_signed_as_published(string secret, string timestamp, string sign) =>
        Assert.Equal(sign, FeishuChannel.Sign(new Secret(secret), timestamp));

    [Fact]
    public void A_webhook_is_signed_as_published()
    {
        var vector = Section("standardWebhooks")[0];
        string Text(string name) => vector.GetProperty(name).GetString()!;

        Assert.Equal(
            Text("signature"),
            WebhookChannel.Sign(
                SigningKeys.OfStandardWebhooks([Text("secret")]), Text("id"), Text("timestamp"), Encoding.UTF8.GetBytes(Text("body"))));
    }

    [Theory]
    [InlineData("https://oapi.dingtalk.com/robot/send?access_token=x1", "https://oapi.dingtalk.com/robot/send?access_token=x1&")]
    [InlineData("https://robots.example/send", "https://robots.example/send?")]
    public void The_signature_of_DingTalk_is_in_the_address_and_escaped(string url, string before)
    {
        var channel = new DingTalkChannel(new Uri(url), new Secret("this is secret"));

        using var request = channel.Request([], DateTimeOffset.FromUnixTimeMilliseconds(1577262236757));

        Assert.Equal(
            $"{before}timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D", request.RequestUri?.AbsoluteUri);
    }

    [Fact]
    public async Task On_the_wire_DingTalk_has_the_time_in_milliseconds_and_a_signature()
    {
        await using var robot = PlayedChannel.Of(ReportChannelKind.DingTalk, "robot");
        var settings = PlayedChannel.Settings(robot);
        settings["StaleReport:Channels:robot:Secret"] = "SEC1234567890abcdef";
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        Assert.StartsWith(
            "POST /services/T0/B0/SecretInThePath?access_token=SecretInTheQuery&timestamp=1795525200000&sign=",
            Assert.Single(robot.Requests).Line,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_the_wire_Feishu_has_the_time_in_seconds_and_the_signature_in_the_body_both_as_text()
    {
        await using var robot = PlayedChannel.Of(ReportChannelKind.Feishu, "robot");
        var settings = PlayedChannel.Settings(robot);
        settings["StaleReport:Channels:robot:Secret"] = "demo";
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        var body = Assert.Single(robot.Bodies);
        Assert.Equal("1795525200", body["timestamp"]?.GetValue<string>());
        Assert.Equal(44, body["sign"]?.GetValue<string>().Length);
    }

    [Fact]
    public async Task On_the_wire_a_webhook_is_what_a_verifier_of_Standard_Webhooks_takes()
    {
        await using var webhook = PlayedChannel.Of(ReportChannelKind.Webhook, "ticketing");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(webhook));
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        var request = Assert.Single(webhook.Requests);
        var headers = new HeaderDictionary();
        foreach (var name in new[] { "webhook-id", "webhook-timestamp", "webhook-signature" })
        {
            headers[name] = request.Header(name);
        }

        Assert.Equal(
            SignatureCheck.Valid,
            StandardWebhooksSignature.Verify(
                SigningKeys.OfStandardWebhooks([PlayedChannel.WebhookSecret]),
                headers,
                Encoding.UTF8.GetBytes(request.Body),
                app.Time.GetUtcNow()));
        Assert.Equal("application/json; charset=utf-8", request.Header("Content-Type"));
    }

    private static TheoryData<string, string, string> Load(string section)
    {
        var data = new TheoryData<string, string, string>();
        foreach (var vector in Section(section))
        {
            data.Add(
                vector.GetProperty("secret").GetString()!,
                vector.GetProperty("timestamp").GetString()!,
                vector.GetProperty("sign").GetString()!);
        }

        return data;
    }

    private static List<JsonElement> Section(string name)
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "signatures.json"));
        using var document = JsonDocument.Parse(file);
        return [.. document.RootElement.GetProperty(name).EnumerateArray().Select(vector => vector.Clone())];
    }
}
