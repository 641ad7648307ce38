namespace EdsFunctions.Tests.Notifications;

/// <summary>Validation errors contain the name of the setting, and not its value.</summary>
public sealed class ReportOptionsTests
{
    private const string Hook = "https://hooks.example/secret-path";
    private const string Key = "StaleReport:Channels:0";

    [Theory]
    [InlineData("0 */15 * * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 30 8-18 * * MON-FRI")]
    public void Validate_ScheduleWithSixFields_IsValid(string schedule) =>
        Assert.Null(Validate(new() { ["StaleReportSchedule"] = schedule }));

    /// <summary>Some of these schedules are valid for other parsers, but not for that of the Functions host.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("@hourly")]
    [InlineData("*/15 * * * *")]
    [InlineData("0 */15 * * * * *")]
    [InlineData("0 61 * * * *")]
    [InlineData("0 0 0 ? * *")]
    [InlineData("0 0 0 L * *")]
    [InlineData("0 0 0 * * 7")]
    [InlineData("0 every 15 minutes or so")]
    public void Validate_InvalidSchedule_ReturnsErrorWithExample(string schedule) => Assert.EndsWith(
        "StaleReportSchedule must be an NCRONTAB expression of six fields, "
        + "such as 0 */15 * * * * for every 15 minutes.",
        Validate(new() { ["StaleReportSchedule"] = schedule }),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Slack", Hook, null, null)]
    [InlineData("slack", Hook, "", null)]
    [InlineData("Teams", Hook, null, null)]
    [InlineData("DingTalk", Hook, null, null)]
    [InlineData("DingTalk", Hook, "SECabc", null)]
    [InlineData("Feishu", Hook, null, null)]
    [InlineData("Feishu", Hook, "demo", null)]
    [InlineData("Webhook", Hook, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", null)]
    [InlineData("Slack", null, null, ":Url is not set.")]
    [InlineData("Slack", "", null, ":Url is not set.")]
    [InlineData("Slack", "hooks.example/secret-path", null, ":Url must be an https URL.")]
    [InlineData("Slack", "/secret-path", null, ":Url must be an https URL.")]
    [InlineData("Slack", "http://hooks.example/secret-path", null, ":Url must be an https URL.")]
    [InlineData("Slack", "http://127.0.0.1/secret-path", null, ":Url must be an https URL.")]
    [InlineData("Slack", "ftp://hooks.example/secret-path", null, ":Url must be an https URL.")]
    [InlineData("Slack", "https://me:secret@hooks.example/", null, ":Url must be an https URL.")]
    [InlineData(
        "Slack",
        $"\"{Hook}\"",
        null,
        ":Url is in quotation marks, which count as part of the value: remove them.")]
    [InlineData("Slack", Hook, "secret", ":Secret must not be set: requests to Slack are not signed.")]
    [InlineData("Teams", Hook, "secret", ":Secret must not be set: requests to Teams are not signed.")]
    [InlineData("Webhook", Hook, null, ":Secret is not set; a channel of kind Webhook needs one.")]
    [InlineData("Webhook", Hook, "", ":Secret is not set; a channel of kind Webhook needs one.")]
    [InlineData("Webhook", Hook, "whsec_secret!", ":Secret is not base64.")]
    public void Validate_Channel_ReturnsTheExpectedError(
        string? kind, string? url, string? secret, string? error) =>
        Assert.Equal(error is null ? null : $"{Key}{error}", Validate(Channel(kind, url, secret)));

    [Theory]
    [InlineData(null)]
    [InlineData("9")]
    [InlineData("Slak")]
    [InlineData("Slack,Teams")]
    public void Start_UnknownKind_NamesTheKnownOnes(string? kind) => Assert.Equal(
        $"{Key}:Kind must be {string.Join(", ", FakeChannel.Kinds[..^1])} or {FakeChannel.Kinds[^1]}.",
        Validate(Channel(kind, Hook, null)));

    [Theory]
    [InlineData("http://127.0.0.1:9/hook", null)]
    [InlineData("http://localhost:9/hook", null)]
    [InlineData("http://hooks.example/hook", $"{Key}:Url must be an https URL.")]
    public void Validate_HttpChannelInDevelopment_IsValidOnLoopback(string url, string? error) =>
        Assert.Equal(error, Validate(Channel("Slack", url, null), Environments.Development));

    [Theory]
    [InlineData(Key, Hook, "StaleReport:Channels:0 must be a section with Kind and Url.")]
    [InlineData("StaleReport:Channels:ops/eu:Kind", "Slack",
        "StaleReport:Channels has an invalid name. Use up to 32 letters, digits, - and _.")]
    [InlineData("StaleReport:HeartbeatUrl", "https://watchdog.example/secret", null)]
    [InlineData("StaleReport:HeartbeatUrl", "", null)]
    [InlineData(
        "StaleReport:HeartbeatUrl", "http://watchdog.example/secret", "StaleReport:HeartbeatUrl must be an https URL.")]
    [InlineData("StaleReport:HeartbeatUrl", "secret", "StaleReport:HeartbeatUrl must be an https URL.")]
    [InlineData("StaleReport:Language", "en", null)]
    [InlineData("StaleReport:Language", "zh-CN", null)]
    [InlineData("StaleReport:Language", "zh", "StaleReport:Language must be en or zh-CN.")]
    [InlineData("StaleReport:Language", "", "StaleReport:Language must be en or zh-CN.")]
    [InlineData("Reconcile:Enabled", "true", null)]
    public void Validate_OtherSetting_ReturnsTheExpectedError(string key, string value, string? error) =>
        Assert.Equal(error, Validate(new() { [key] = value }));

    [Fact]
    public void Validate_SeveralErrors_ReturnsAll()
    {
        var settings = Channel("Webhook", "http://hooks.example/secret-path", null);
        settings["StaleReport:Channels:ops:Kind"] = "Teams";
        settings["StaleReport:Language"] = "fr";

        Assert.Equal(
            "StaleReport:Language must be en or zh-CN.; StaleReport:Channels:0:Url must be an https URL.; " +
            "StaleReport:Channels:0:Secret is not set; a channel of kind Webhook needs one.; " +
            "StaleReport:Channels:ops:Url is not set.",
            Validate(settings));
    }

    [Fact]
    public void Validate_ReconcileEnabledIsNotBoolean_Throws()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Validate(new() { ["Reconcile:Enabled"] = "ja" }));

        // The exception names the setting. The class StartUp prints it without the value.
        Assert.Contains("'Reconcile:Enabled'", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    private static Dictionary<string, string?> Channel(string? kind, string? url, string? secret) =>
        new() { [$"{Key}:Kind"] = kind, [$"{Key}:Url"] = url, [$"{Key}:Secret"] = secret };

    /// <returns>The validation errors; null if the settings are valid.</returns>
    private static string? Validate(Dictionary<string, string?> settings, string environment = "Production")
    {
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["KeyVault:Uri"] = "https://contoso.vault.azure.net" });
        builder.Services.AddEdsFunctions();
        using var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            return null;
        }
        catch (OptionsValidationException e)
        {
            return string.Join("; ", e.Failures);
        }
    }
}
