using System.Reflection;
using Azure.Core;
using Azure.Identity;

namespace EdsFunctions.Tests.Infra;

/// <summary>What the template sets is what the app reads, and with it the app starts as in Azure.</summary>
public sealed class AppSettingsTests(BicepCompiler bicep)
{
    /// <summary>What the Functions host reads, and the telemetry of the app with it.</summary>
    private static readonly string[] OfTheHost =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__credential",
    ];

    [Fact]
    public async Task The_host_signs_in_to_its_storage_and_to_telemetry_with_the_identity()
    {
        var snapshot = await bicep.DefaultsAsync();
        var settings = AzureSettings.Evaluate(snapshot);

        Assert.Equal(OfTheHost, settings.Keys.Where(key => !IsOfTheApp(key)).Order(StringComparer.Ordinal));
        Assert.Equal(snapshot.Single("Microsoft.Storage/storageAccounts").Name, settings["AzureWebJobsStorage__accountName"]);
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Equal(AzureSettings.ClientId, settings["AzureWebJobsStorage__clientId"]);
        Assert.Equal(AzureSettings.ConnectionString, settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        Assert.Equal($"ClientId={AzureSettings.ClientId};Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
    }

    [Fact]
    public async Task A_secret_is_a_reference_to_the_vault_and_there_is_one_only_where_it_is_named()
    {
        var snapshot = await bicep.EverythingAsync();
        var vault = snapshot.Single("Microsoft.KeyVault/vaults").Name;

        Assert.DoesNotContain((await bicep.DefaultsAsync()).Settings().Values, AzureSettings.IsReference);
        Assert.Equal(
            [
                "ChatOps__DingTalk__Secrets__0 dingtalk",
                "ChatOps__Slack__Secrets__0 slack",
                "ChatOps__Slack__Secrets__1 slack-new",
                "ChatOps__Teams__Secrets__0 teams",
                "StaleReport__Channels__desk__Secret desk-sign",
                "StaleReport__Channels__desk__Url desk-url",
                "StaleReport__Channels__feishu__Secret feishu-sign",
                "StaleReport__Channels__feishu__Url feishu-url",
                "StaleReport__Channels__ops_zh__Secret dingtalk-sign",
                "StaleReport__Channels__ops_zh__Url dingtalk-url",
                "StaleReport__Channels__slack__Url slack-url",
                "StaleReport__Channels__teams__Url teams-url",
                "StaleReport__HeartbeatUrl heartbeat-url",
                "Webhooks__GitHubSecrets__0 github",
                "Webhooks__StandardSecrets__0 standard",
            ],
            snapshot.Settings().Where(setting => AzureSettings.IsReference(setting.Value))
                .Select(setting => $"{setting.Key} {AzureSettings.SecretName(setting.Value, vault)}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_setting_is_an_option_of_the_app()
    {
        await BindStrictlyAsync(bicep.DefaultsAsync());
        await BindStrictlyAsync(bicep.EverythingAsync());
    }

    [Fact]
    public void A_setting_that_is_no_option_is_noticed()
    {
        var configuration = Configuration(new() { ["StaleReport__Channels__ops__Adress"] = "x" });

        Assert.Throws<InvalidOperationException>(() => BindStrictly(configuration.GetSection(StaleReportOptions.Section), new StaleReportOptions()));
    }

    [Fact]
    public async Task By_default_the_app_does_in_Azure_what_it_does_anywhere()
    {
        using var host = Start(AzureSettings.Evaluate(await bicep.DefaultsAsync()));
        var defaults = (Report: new StaleReportOptions(), Verifications: new VerificationOptions(), Chats: new ChatOpsOptions());
        var report = Options<StaleReportOptions>(host);
        var verifications = Options<VerificationOptions>(host);
        var chats = Options<ChatOpsOptions>(host);

        Assert.Equal(
            (defaults.Report.Schedule, defaults.Report.Threshold, defaults.Report.RepeatAfter, defaults.Report.Language),
            (report.Schedule, report.Threshold, report.RepeatAfter, report.Language));
        Assert.Equal(
            (defaults.Verifications.ResendCooldown, defaults.Verifications.ExpireAfter),
            (verifications.ResendCooldown, verifications.ExpireAfter));
        Assert.Equal((defaults.Chats.Language, null), (chats.Language, chats.DefaultRegion));
        Assert.Empty(report.Channels);
        Assert.Null(report.HeartbeatUrl);
        Assert.All([chats.Slack, chats.Teams, chats.DingTalk], chat => Assert.Empty(chat.Secrets.Concat(chat.AllowedUsers)));
        Assert.Equal(new KeyVaultOptions().CredentialsSecretName, Options<KeyVaultOptions>(host).CredentialsSecretName);
        Assert.False(Options<ReconcileOptions>(host).Enabled);
    }

    [Fact]
    public async Task Every_parameter_reaches_its_option()
    {
        using var host = Start(AzureSettings.Evaluate(await bicep.EverythingAsync()));
        var report = Options<StaleReportOptions>(host);
        var verifications = Options<VerificationOptions>(host);
        var chats = Options<ChatOpsOptions>(host);
        var webhooks = Options<WebhookOptions>(host);

        Assert.Equal(
            ("0 0 * * * *", TimeSpan.FromHours(1), TimeSpan.FromHours(8), "zh-CN", "https://example.com/heartbeat-url"),
            (report.Schedule, report.Threshold, report.RepeatAfter, report.Language, report.HeartbeatUrl));
        Assert.Equal(
            [
                ("desk", "Webhook", "https://example.com/desk-url", AzureSettings.SigningSecret),
                ("feishu", "Feishu", "https://example.com/feishu-url", AzureSettings.SigningSecret),
                ("ops_zh", "DingTalk", "https://example.com/dingtalk-url", AzureSettings.SigningSecret),
                ("slack", "Slack", "https://example.com/slack-url", null),
                ("teams", "Teams", "https://example.com/teams-url", null),
            ],
            report.Channels.OrderBy(channel => channel.Key, StringComparer.Ordinal)
                .Select(channel => (channel.Key, channel.Value.Kind, channel.Value.Url, channel.Value.Secret)));
        Assert.Equal((TimeSpan.FromMinutes(5), TimeSpan.FromDays(3)), (verifications.ResendCooldown, verifications.ExpireAfter));
        Assert.Equal(("zh-CN", "cn-hangzhou"), (chats.Language, chats.DefaultRegion));
        Assert.Equal(("C2147483705", "cn-shanghai"), (chats.Channels.Single().Id, chats.Channels.Single().DefaultRegion));
        Assert.Equal((2, 1, 1), (chats.Slack.Secrets.Count, chats.Teams.Secrets.Count, chats.DingTalk.Secrets.Count));
        Assert.Equal(["U2CERLKJA", "U2CERLKJB"], chats.Slack.AllowedUsers);
        Assert.Equal(["29:1234"], chats.Teams.AllowedUsers);
        Assert.Equal(["manager4220"], chats.DingTalk.AllowedUsers);
        Assert.Equal((1, 1), (webhooks.StandardSecrets.Count, webhooks.GitHubSecrets.Count));
        Assert.Equal("other-credentials", Options<KeyVaultOptions>(host).CredentialsSecretName);
        Assert.True(Options<ReconcileOptions>(host).Enabled);
    }

    [Fact]
    public async Task The_app_reads_the_vault_and_writes_the_table_with_the_identity()
    {
        using var host = Start(AzureSettings.Evaluate(await bicep.DefaultsAsync()));
        var vault = Options<KeyVaultOptions>(host);

        Assert.Equal((new Uri(AzureSettings.VaultUri), AzureSettings.ClientId), (vault.Uri, vault.ManagedIdentityClientId));
        Assert.IsType<ManagedIdentityCredential>(host.Services.GetRequiredService<TokenCredential>());
        Assert.IsType<KeyVaultCredentialSource>(host.Services.GetRequiredService<ICredentialSource>());
        Assert.Equal(new Uri(AzureSettings.TableUri), Options<VerificationOptions>(host).TableServiceUri);
        Assert.Contains(
            new Uri(AzureSettings.TableUri).Host,
            Assert.IsType<TableVerificationStore>(host.Services.GetRequiredService<IVerificationStore>()).Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_without_which_the_app_would_not_start_is_set()
    {
        var settings = AzureSettings.Evaluate(await bicep.DefaultsAsync());

        Assert.All(["KeyVault__Uri", "Verifications__TableServiceUri"], needed =>
        {
            var without = settings.Where(setting => setting.Key != needed).ToDictionary();

            Assert.Throws<OptionsValidationException>(() => Start(without));
        });
        // The host itself needs this one: the trigger names it, and a name without a value stops the function.
        Assert.Contains("StaleReportSchedule", settings.Keys);
    }

    [Fact]
    public async Task A_reference_that_Azure_could_not_resolve_is_one_clear_line()
    {
        var settings = AzureSettings.Evaluate(await bicep.EverythingAsync());
        settings["ChatOps__Slack__Secrets__1"] = (await bicep.EverythingAsync()).Settings()["ChatOps__Slack__Secrets__1"];

        var refusal = Assert.Throws<OptionsValidationException>(() => Start(settings));

        Assert.Equal("ChatOps:Slack:Secrets:1 is a reference to a vault that could not be resolved.", refusal.Message);
    }

    private static async Task BindStrictlyAsync(Task<Snapshot> snapshot)
    {
        var configuration = Configuration(AzureSettings.Evaluate(await snapshot));
        var sections = typeof(EdsFunctionsServices).Assembly.GetTypes()
            .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true })
            .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);

        Assert.Equal(7, sections.Count);
        var settings = configuration.GetChildren()
            .Where(setting => IsOfTheApp(setting.Key) && setting.Key != StaleReportOptions.ScheduleSetting);
        Assert.All(settings, section =>
        {
            Assert.True(sections.TryGetValue(section.Key, out var options), $"{section.Key} is no section of the app.");
            BindStrictly(section, Activator.CreateInstance(options)!);
        });
    }

    private static void BindStrictly(IConfigurationSection section, object options) =>
        section.Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);

    /// <param name="key">The name of a setting, or of a section of them.</param>
    private static bool IsOfTheApp(string key) => !OfTheHost.Any(own => own == key || own.StartsWith($"{key}__", StringComparison.Ordinal));

    private static IConfigurationRoot Configuration(Dictionary<string, string> settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting =>
            KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)))
        .Build();

    private static TOptions Options<TOptions>(IHost host)
        where TOptions : class => host.Services.GetRequiredService<IOptions<TOptions>>().Value;

    /// <summary>The app, with its options checked.</summary>
    private static IHost Start(Dictionary<string, string> settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Production });
        builder.Configuration.AddConfiguration(Configuration(settings));
        builder.Services.AddEdsFunctions();
        Assert.NotNull(builder.Services.AddEdsTelemetry(builder.Configuration));
        var host = builder.Build();
        try
        {
            host.Services.GetRequiredService<IStartupValidator>().Validate();
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
