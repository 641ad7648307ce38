namespace EdsFunctions.Tests.Notifications;

/// <summary>An invalid setting of the report is refused at start-up, in a line that names the key and not the value.</summary>
public sealed class ReportOptionsTests
{
    private const string Hook = "https://hooks.example/secret-path";
    private const string Reference = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/hook)";
    private const string Key = "StaleReport:Channels:0";

    [Theory]
    [InlineData("0 */15 * * * *")]
    [InlineData("*/5 * * * * *")]
    [InlineData("0 30 8-18 * * MON-FRI")]
    public void A_schedule_has_six_fields_the_first_for_seconds(string schedule) =>
        Assert.Null(Refusal(new() { ["StaleReportSchedule"] = schedule }));

    /// <summary>Some of these are valid elsewhere, but not for the Functions host.</summary>
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
    public void Any_other_schedule_is_refused_with_an_example_of_a_valid_one(string schedule) => Assert.EndsWith(
        "StaleReportSchedule must be an NCRONTAB expression of six fields, such as 0 */15 * * * * for every 15 minutes.",
        Refusal(new() { ["StaleReportSchedule"] = schedule }),
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
    [InlineData(null, Hook, null, ":Kind must be Slack, Teams, DingTalk, Feishu, WeCom or Webhook.")]
    [InlineData("9", Hook, null, ":Kind must be Slack, Teams, DingTalk, Feishu, WeCom or Webhook.")]
    [InlineData("Slak", Hook, null, ":Kind must be Slack, Teams, DingTalk, Feishu, WeCom or Webhook.")]
    [InlineData("Slack,Teams", Hook, null, ":Kind must be Slack, Teams, DingTalk, Feishu, WeCom or Webhook.")]
    [InlineData("Slack", null, null, ":Url is not set.")]
    [InlineData("Slack", "", null, ":Url is not set.")]
    [InlineData("Slack", "hooks.example/secret-path", null, ":Url must be an https address.")]
    [InlineData("Slack", "/secret-path", null, ":Url must be an https address.")]
    [InlineData("Slack", "http://hooks.example/secret-path", null, ":Url must be an https address.")]
    [InlineData("Slack", "http://127.0.0.1/secret-path", null, ":Url must be an https address.")]
    [InlineData("Slack", "ftp://hooks.example/secret-path", null, ":Url must be an https address.")]
    [InlineData("Slack", "https://me:secret@hooks.example/", null, ":Url must be an https address.")]
    [InlineData("Slack", Reference, null, ":Url is a reference to a vault that could not be resolved.")]
    [InlineData("Slack", Hook, "secret", ":Secret must not be set; Slack knows none.")]
    [InlineData("Teams", Hook, "secret", ":Secret must not be set; Teams knows none.")]
    [InlineData("DingTalk", Hook, Reference, ":Secret is a reference to a vault that could not be resolved.")]
    [InlineData("Feishu", Hook, Reference, ":Secret is a reference to a vault that could not be resolved.")]
    [InlineData("Webhook", Hook, null, ":Secret is not set; a webhook is signed with one.")]
    [InlineData("Webhook", Hook, "", ":Secret is not set; a webhook is signed with one.")]
    [InlineData("Webhook", Hook, "whsec_secret!", ":Secret is not base64.")]
    [InlineData("Webhook", Hook, Reference, ":Secret is a reference to a vault that could not be resolved.")]
    public void A_channel_is_valid_or_one_line(string? kind, string? url, string? secret, string? line) =>
        Assert.Equal(line is null ? null : $"{Key}{line}", Refusal(Channel(kind, url, secret)));

    [Theory]
    [InlineData("http://127.0.0.1:9/hook", null)]
    [InlineData("http://localhost:9/hook", null)]
    [InlineData("http://hooks.example/hook", $"{Key}:Url must be an https address.")]
    public void In_Development_a_channel_may_be_on_this_machine(string url, string? line) =>
        Assert.Equal(line, Refusal(Channel("Slack", url, null), Environments.Development));

    [Theory]
    [InlineData(Key, Hook, "StaleReport:Channels:0 must have a Kind and a Url.")]
    [InlineData("StaleReport:Channels:ops/eu:Kind", "Slack",
        "StaleReport:Channels must be numbered, or have names of up to 32 letters, digits, - and _.")]
    [InlineData("StaleReport:HeartbeatUrl", "https://watchdog.example/secret", null)]
    [InlineData("StaleReport:HeartbeatUrl", "", null)]
    [InlineData("StaleReport:HeartbeatUrl", "http://watchdog.example/secret", "StaleReport:HeartbeatUrl must be an https address.")]
    [InlineData("StaleReport:HeartbeatUrl", "secret", "StaleReport:HeartbeatUrl must be an https address.")]
    [InlineData("StaleReport:HeartbeatUrl", Reference, "StaleReport:HeartbeatUrl is a reference to a vault that could not be resolved.")]
    [InlineData("StaleReport:Language", "en", null)]
    [InlineData("StaleReport:Language", "zh-CN", null)]
    [InlineData("StaleReport:Language", "zh", "StaleReport:Language must be en or zh-CN.")]
    [InlineData("StaleReport:Language", "", "StaleReport:Language must be en or zh-CN.")]
    [InlineData("Reconcile:Enabled", "true", null)]
    public void Another_setting_is_valid_or_one_line(string key, string value, string? line) =>
        Assert.Equal(line, Refusal(new() { [key] = value }));

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var settings = Channel("Webhook", "http://hooks.example/secret-path", null);
        settings["StaleReport:Channels:ops:Kind"] = "Teams";
        settings["StaleReport:Language"] = "fr";

        Assert.Equal(
            "StaleReport:Language must be en or zh-CN.; StaleReport:Channels:0:Url must be an https address.; " +
            "StaleReport:Channels:0:Secret is not set; a webhook is signed with one.; StaleReport:Channels:ops:Url is not set.",
            Refusal(settings));
    }

    [Fact]
    public void A_switch_of_the_reconciliation_that_is_no_boolean_is_refused()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Refusal(new() { ["Reconcile:Enabled"] = "ja" }));

        // StartUp makes the line of it, and leaves out the value.
        Assert.Contains("'Reconcile:Enabled'", refusal.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(refusal.InnerException);
    }

    private static Dictionary<string, string?> Channel(string? kind, string? url, string? secret) =>
        new() { [$"{Key}:Kind"] = kind, [$"{Key}:Url"] = url, [$"{Key}:Secret"] = secret };

    private static string? Refusal(Dictionary<string, string?> settings, string environment = "Production")
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = environment });
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
