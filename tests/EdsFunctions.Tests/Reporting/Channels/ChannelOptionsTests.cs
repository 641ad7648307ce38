namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>What is wrong with a channel is said when the app starts, in a line that names the key and not the value.</summary>
public sealed class ChannelOptionsTests
{
    private const string Hook = "https://hooks.example/secret-path";
    private const string Reference = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/hook)";

    [Theory]
    [InlineData("Slack", Hook, null)]
    [InlineData("slack", Hook, "")]
    [InlineData("Teams", Hook, null)]
    [InlineData("DingTalk", Hook, null)]
    [InlineData("DingTalk", Hook, "SECabc")]
    [InlineData("Feishu", Hook, null)]
    [InlineData("Feishu", Hook, "demo")]
    [InlineData("Webhook", Hook, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void A_channel_that_is_whole_is_taken(string kind, string url, string? secret) =>
        Assert.Null(Refusal(Channel(kind, url, secret)));

    [Theory]
    [InlineData(null, Hook, null, "StaleReport:Channels:0:Kind must be Slack, Teams, DingTalk, Feishu or Webhook.")]
    [InlineData("9", Hook, null, "StaleReport:Channels:0:Kind must be Slack, Teams, DingTalk, Feishu or Webhook.")]
    [InlineData("Slak", Hook, null, "StaleReport:Channels:0:Kind must be Slack, Teams, DingTalk, Feishu or Webhook.")]
    [InlineData("Slack,Teams", Hook, null, "StaleReport:Channels:0:Kind must be Slack, Teams, DingTalk, Feishu or Webhook.")]
    [InlineData("Slack", null, null, "StaleReport:Channels:0:Url is not set.")]
    [InlineData("Slack", "", null, "StaleReport:Channels:0:Url is not set.")]
    [InlineData("Slack", "hooks.example/secret-path", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", "/secret-path", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", "http://hooks.example/secret-path", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", "http://127.0.0.1/secret-path", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", "ftp://hooks.example/secret-path", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", "https://me:secret@hooks.example/", null, "StaleReport:Channels:0:Url must be an https address.")]
    [InlineData("Slack", Reference, null, "StaleReport:Channels:0:Url is a reference to a vault that could not be resolved.")]
    [InlineData("Slack", Hook, "secret", "StaleReport:Channels:0:Secret must not be set; Slack knows none.")]
    [InlineData("Teams", Hook, "secret", "StaleReport:Channels:0:Secret must not be set; Teams knows none.")]
    [InlineData("DingTalk", Hook, Reference, "StaleReport:Channels:0:Secret is a reference to a vault that could not be resolved.")]
    [InlineData("Feishu", Hook, Reference, "StaleReport:Channels:0:Secret is a reference to a vault that could not be resolved.")]
    [InlineData("Webhook", Hook, null, "StaleReport:Channels:0:Secret is not set; a webhook is signed with one.")]
    [InlineData("Webhook", Hook, "", "StaleReport:Channels:0:Secret is not set; a webhook is signed with one.")]
    [InlineData("Webhook", Hook, "whsec_secret!", "StaleReport:Channels:0:Secret is not base64.")]
    [InlineData("Webhook", Hook, Reference, "StaleReport:Channels:0:Secret is a reference to a vault that could not be resolved.")]
    public void What_is_wrong_with_a_channel_is_one_line(string? kind, string? url, string? secret, string line) =>
        Assert.Equal(line, Refusal(Channel(kind, url, secret)));

    [Fact]
    public void What_has_not_the_form_of_a_channel_is_not_left_out_in_silence() => Assert.Equal(
        "StaleReport:Channels:0 must have a Kind and a Url.",
        Refusal(new() { ["StaleReport:Channels:0"] = Hook }));

    [Fact]
    public void A_name_of_a_channel_is_short_and_plain() => Assert.Equal(
        "StaleReport:Channels must be numbered, or have names of up to 32 letters, digits, - and _.",
        Refusal(new() { ["StaleReport:Channels:ops/eu:Kind"] = "Slack" }));

    [Theory]
    [InlineData("http://127.0.0.1:9/hook", null)]
    [InlineData("http://localhost:9/hook", null)]
    [InlineData("http://hooks.example/hook", "StaleReport:Channels:0:Url must be an https address.")]
    public void In_Development_a_channel_may_be_on_this_machine(string url, string? line) =>
        Assert.Equal(line, Refusal(Channel("Slack", url, null), Environments.Development));

    [Theory]
    [InlineData("https://watchdog.example/secret", null)]
    [InlineData("", null)]
    [InlineData("http://watchdog.example/secret", "StaleReport:HeartbeatUrl must be an https address.")]
    [InlineData("secret", "StaleReport:HeartbeatUrl must be an https address.")]
    [InlineData(Reference, "StaleReport:HeartbeatUrl is a reference to a vault that could not be resolved.")]
    public void The_heartbeat_goes_by_https(string url, string? line) =>
        Assert.Equal(line, Refusal(new() { ["StaleReport:HeartbeatUrl"] = url }));

    [Theory]
    [InlineData("en", null)]
    [InlineData("zh-CN", null)]
    [InlineData("zh", "StaleReport:Language must be en or zh-CN.")]
    [InlineData("", "StaleReport:Language must be en or zh-CN.")]
    public void There_are_two_languages(string language, string? line) =>
        Assert.Equal(line, Refusal(new() { ["StaleReport:Language"] = language }));

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        var settings = Channel("Webhook", "http://hooks.example/secret-path", null);
        settings["StaleReport:Channels:ops:Kind"] = "Teams";
        settings["StaleReport:Language"] = "fr";

        Assert.Equal(
            "StaleReport:Language must be en or zh-CN.; StaleReport:Channels:0:Url must be an https address.; " +
            "StaleReport:Channels:0:Secret is not set; a webhook is signed with one.; StaleReport:Channels:ops:Url is not set.",
            Refusal(settings));
    }

    private static Dictionary<string, string?> Channel(string? kind, string? url, string? secret) => new()
    {
        ["StaleReport:Channels:0:Kind"] = kind,
        ["StaleReport:Channels:0:Url"] = url,
        ["StaleReport:Channels:0:Secret"] = secret,
    };

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
