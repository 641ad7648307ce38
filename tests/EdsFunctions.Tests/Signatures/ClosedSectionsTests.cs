using EdsFunctions.Tests.Api;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Signatures;

/// <summary>
/// An invalid secret closes one chat platform, kind of webhook sender, report channel or the heartbeat. All else runs.
/// </summary>
public sealed class ClosedSectionsTests
{
    private const string Reference = "@Microsoft.KeyVault(VaultName=contoso;SecretName=chat)";
    private const string Unresolved = "is a Key Vault reference that could not be resolved.";

    /// <summary>Each setting that has a secret of a chat platform or a webhook sender, with its section.</summary>
    public static TheoryData<string, string> Secrets => new(
    [
        .. FakeChatPlatform.All.Keys.Select(name => ($"ChatOps:{name}:Secrets:0", $"ChatOps:{name}")),
        ("ChatOps:Feishu:VerificationToken", "ChatOps:Feishu"),
        ("ChatOps:Feishu:AppSecret", "ChatOps:Feishu"),
        ("Webhooks:StandardSecrets:0", "Webhooks:StandardSecrets"),
        ("Webhooks:GitHubSecrets:0", "Webhooks:GitHubSecrets"),
    ]);

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Delivery_ReferenceIsUnresolved_Returns503AndTheRestRuns(string setting, string section)
    {
        await using var app = await EdsApp.StartAsync(new(AllSettings()) { [setting] = Reference });
        using var metrics = new CapturedMetrics(app.Services);

        var all = await DeliverToAllAsync(app);

        foreach (var (_, name, response) in all.Where(one => one.Section != section))
        {
            response.ShouldBe(name is "Standard" or "GitHub" ? 201 : 200);
            Assert.Equal(1, metrics.Sum("eds.deliveries", ("eds.platform", name), ("eds.outcome", "valid")));
        }

        var (_, closed, refused) = all.Single(one => one.Section == section);
        refused.ShouldBeProblem(503, "platform-closed");
        Assert.Equal("300", refused.Header("Retry-After"));
        Assert.Contains($"{setting} {Unresolved}", refused["detail"], StringComparison.Ordinal);
        Assert.Equal(1, metrics.Sum("eds.deliveries", ("eds.platform", closed), ("eds.outcome", "closed")));
        Assert.Contains($"{setting} {Unresolved}", Assert.Single(app.Logged(eventId: 404)), StringComparison.Ordinal);
        AssertClosed(metrics, section);
        var health = (await app.Api.GetAsync("health")).ShouldBe(200);
        Assert.Equal(("healthy", section), (health["status"], health["closed.0"]));
    }

    [Fact]
    public async Task Webhook_UnsignedWhileAKindOfSenderIsClosed_Returns401()
    {
        await using var app = await EdsApp.StartAsync(
            new(AllSettings()) { ["Webhooks:StandardSecrets:0"] = Reference });

        (await app.Api.PostAsync("webhooks/verifications", A.Verification.Json()))
            .ShouldBeProblem(401, "signature-invalid");
        Assert.Empty(app.Logged(eventId: 404));
    }

    [Fact]
    public async Task Health_NothingIsClosed_HasNoList()
    {
        await using var app = await EdsApp.StartAsync(AllSettings());
        using var metrics = new CapturedMetrics(app.Services);

        Assert.Equal("""{"status":"healthy"}""", (await app.Api.GetAsync("health")).ShouldBe(200).Text);
        Assert.Empty(metrics.ReadGauge("eds.platforms.closed"));
    }

    [Theory]
    [InlineData("ChatOps:Slack:Secrets:0", "too-short", "ChatOps:Slack")]
    [InlineData("ChatOps:Slack:Secrets:0", "", "ChatOps:Slack")]
    [InlineData("ChatOps:Slack:Secrets:1", "\"8f742231b10e8888abcd99yyyzzz85a5\"", "ChatOps:Slack")]
    [InlineData("ChatOps:Teams:Secrets:0", "n0t-base64", "ChatOps:Teams")]
    [InlineData("ChatOps:Feishu:AppId", "", "ChatOps:Feishu")]
    [InlineData("Webhooks:StandardSecrets:0", "whsec_n0t-base64", "Webhooks:StandardSecrets")]
    [InlineData("StaleReport:HeartbeatUrl", "http://watchdog.example", "StaleReport:HeartbeatUrl")]
    [InlineData("StaleReport:HeartbeatUrl", "\"https://watchdog.example\"", "StaleReport:HeartbeatUrl")]
    public async Task Start_InvalidSecretInAzure_ClosesTheSection(string setting, string value, string section)
    {
        using var folder = new TemporaryFolder();
        await using var app = await EdsApp.StartAsync(
            new(AllSettings())
            {
                ["WEBSITE_SITE_NAME"] = "contoso",
                ["Verifications:TableServiceUri"] = "https://contoso.table.core.windows.net",
                [setting] = value,
            },
            services => services.AddSingleton<IVerificationStore>(provider => new SqliteVerificationStore(
                folder.File("verifications.db"),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RecordReader>())));
        using var metrics = new CapturedMetrics(app.Services);

        AssertClosed(metrics, section);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
    }

    [Fact]
    public async Task Run_ReferenceOfAChannelIsUnresolved_ReportsToTheOthersAndLogsAnErrorEachTime()
    {
        await using var channel = FakeChannel.Slack("open");
        await using var watchdog = RawHttpServer.Start(FakeChannel.Accepts);
        await using var app = await EdsApp.StartAsync(new(FakeChannel.Settings(channel))
        {
            ["StaleReport:Channels:ops:Kind"] = "Teams",
            ["StaleReport:Channels:ops:Url"] = Reference,
            ["StaleReport:HeartbeatUrl"] = watchdog.Url.ToString(),
        });
        using var metrics = new CapturedMetrics(app.Services);
        var pending = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));
        await app.RunReportAsync(TimeSpan.FromMinutes(15));

        Assert.Single(channel.Requests);
        Assert.Equal(
            Enumerable.Repeat($"StaleReport:Channels:ops:Url {Unresolved}", 2),
            app.Logged(eventId: 312).Select(entry => entry[entry.IndexOf("StaleReport", StringComparison.Ordinal)..]));
        // The verification stays due for the closed channel, and the watchdog is not called, so that it raises an
        // alarm.
        Assert.Null((await app.ReadAsync(pending)).GetReminder("ops"));
        Assert.Empty(watchdog.Requests);
        AssertClosed(metrics, "StaleReport:Channels:ops");
        Assert.Equal("StaleReport:Channels:ops", (await app.Api.GetAsync("health")).ShouldBe(200)["closed.0"]);
    }

    [Fact]
    public async Task Run_ReferenceOfTheHeartbeatIsUnresolved_LogsAnErrorEachTime()
    {
        await using var app = await EdsApp.StartAsync(new() { ["StaleReport:HeartbeatUrl"] = Reference });
        using var metrics = new CapturedMetrics(app.Services);

        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal(2, app.Logged(eventId: 313).Count);
        Assert.Equal(2, metrics.Sum("eds.report.runs", ("result", "ok")));
    }

    private static Dictionary<string, string?> AllSettings() => new(
        FakeChatPlatform.All.Values.SelectMany(platform => platform.Settings).Concat(WebhookTests.Settings));

    private static void AssertClosed(CapturedMetrics metrics, string section)
    {
        var closed = Assert.Single(metrics.ReadGauge("eds.platforms.closed"));
        Assert.Equal((1, section), (closed.Value, closed.Tags["eds.platform"]));
    }

    private static async Task<List<(string Section, string Name, ApiResponse Response)>> DeliverToAllAsync(
        EdsApp app)
    {
        var all = new List<(string, string, ApiResponse)>
        {
            ("Webhooks:StandardSecrets", "Standard", await WebhookTests.DeliverAsync(
                app, WebhookTests.Standard(app, A.Verification.Json()))),
            ("Webhooks:GitHubSecrets", "GitHub", await WebhookTests.DeliverAsync(
                app, WebhookTests.GitHub(A.Verification.Json()))),
        };
        foreach (var platform in FakeChatPlatform.All.Values)
        {
            var response = await platform.Deliver("help", "1.2.3", app.Time.GetUtcNow())
                .SendAsync(app.Api.BaseUrl, platform.Route);
            all.Add(($"ChatOps:{platform.Name}", platform.Name, response));
        }

        return all;
    }
}
