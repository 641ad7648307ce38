using System.Reflection;
using Azure.Core;
using Azure.Identity;

namespace EdsFunctions.Tests.Infra;

/// <summary>The app starts with the app settings that the Bicep template sets.</summary>
public sealed class AppSettingsTests(BicepCompiler bicep)
{
    /// <summary>App settings that no options class has: those of the Functions host and of telemetry.</summary>
    private static readonly string[] HostSettings =
        [StaleReportOptions.ScheduleSetting, "APPLICATIONINSIGHTS_", "AzureWebJobsStorage__"];

    [Fact]
    public async Task Settings_HostAndTelemetry_UseTheIdentity()
    {
        var settings = AzureSettings.Resolve(await bicep.DefaultsAsync());

        Assert.Contains(StaleReportOptions.ScheduleSetting, settings.Keys);
        Assert.Equal(AzureSettings.BlobUri, settings["AzureWebJobsStorage__blobServiceUri"]);
        Assert.Equal(AzureSettings.QueueUri, settings["AzureWebJobsStorage__queueServiceUri"]);
        Assert.Equal(AzureSettings.TableUri, settings["AzureWebJobsStorage__tableServiceUri"]);
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Equal(AzureSettings.ClientId, settings["AzureWebJobsStorage__clientId"]);
        Assert.Equal(AzureSettings.ConnectionString, settings["APPLICATIONINSIGHTS_CONNECTION_STRING"]);
        Assert.Equal(
            $"ClientId={AzureSettings.ClientId};Authorization=AAD",
            settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
    }

    [Fact]
    public async Task Settings_App_AreOptions()
    {
        var sections = typeof(EdsFunctionsServices).Assembly.GetTypes()
            .Where(type => type.GetField("Section", BindingFlags.Public | BindingFlags.Static) is { IsLiteral: true })
            .ToDictionary(type => (string)type.GetField("Section")!.GetRawConstantValue()!);
        var settings = AzureSettings.Resolve(await bicep.EverythingAsync());

        Assert.Empty(AzureSettings.Resolve(await bicep.DefaultsAsync()).Keys.Except(settings.Keys));
        var appSettings = settings.Where(
            setting => !HostSettings.Any(name => setting.Key.StartsWith(name, StringComparison.Ordinal)));
        using var host = Start(settings);
        var platforms = host.Services.GetServices<ChatPlatform>().Select(platform => platform.Name).ToHashSet();
        var senders = host.Services.GetServices<WebhookSender>().Select(sender => $"{sender.Name}Secrets").ToHashSet();
        Assert.All(Configuration(appSettings).GetChildren(), section =>
        {
            Assert.True(sections.TryGetValue(section.Key, out var options), $"The app has no section {section.Key}.");
            if (options == typeof(WebhookSender))
            {
                Assert.Subset(senders, section.GetChildren().Select(secrets => secrets.Key).ToHashSet());
                return;
            }

            // The section of a chat platform within ChatOps has options classes of its own.
            Type[] types = [options, typeof(ChatPlatformOptions), typeof(FeishuAppOptions)];
            var names = types.SelectMany(type => type.GetProperties()).Select(property => property.Name).ToHashSet();
            Assert.All(
                section.GetChildren().SelectMany(child =>
                    platforms.Contains(child.Key) ? child.GetChildren() : [child]),
                setting => Assert.Contains(setting.Key, names));
        });
    }

    [Fact]
    public async Task Settings_Defaults_AreTheDefaultOptionsWithVaultAndTable()
    {
        using var host = Start(AzureSettings.Resolve(await bicep.DefaultsAsync()));

        AssertDefault<ChatOpsOptions>(host);
        AssertDefault<ReconcileOptions>(host);
        AssertDefault<StaleReportOptions>(host);
        AssertDefault<KeyVaultOptions>(host, options =>
        {
            (options.Uri, options.ManagedIdentityClientId) = (new Uri(AzureSettings.VaultUri), AzureSettings.ClientId);
        });
        AssertDefault<VerificationOptions>(host, options =>
        {
            (options.Store, options.TableServiceUri) = (StoreKind.Table, new Uri(AzureSettings.TableUri));
        });
        Assert.IsType<ManagedIdentityCredential>(host.Services.GetRequiredService<TokenCredential>());
        Assert.IsType<KeyVaultCredentialSource>(host.Services.GetRequiredService<ICredentialSource>());
        Assert.IsType<TableVerificationStore>(host.Services.GetRequiredService<IVerificationStore>());
    }

    [Fact]
    public async Task Settings_AllParameters_ReachTheirOptions()
    {
        using var host = Start(AzureSettings.Resolve(await bicep.EverythingAsync()));
        var report = Options<StaleReportOptions>(host);
        var verifications = Options<VerificationOptions>(host);
        var chats = Options<ChatOpsOptions>(host);

        Assert.Equal(
            ("0 0 * * * *", TimeSpan.FromHours(1), TimeSpan.FromHours(8)),
            (report.Schedule, report.Threshold, report.RepeatAfter));
        Assert.Equal(("zh-CN", AzureSettings.Secret("heartbeat-url")), (report.Language, report.HeartbeatUrl));
        Assert.Equal(
            [
                ("desk", "Webhook", AzureSettings.Secret("desk-url"), AzureSettings.Secret("desk-sign")),
                ("feishu", "Feishu", AzureSettings.Secret("feishu-url"), AzureSettings.Secret("feishu-sign")),
                ("ops_zh", "DingTalk", AzureSettings.Secret("dingtalk-url"), AzureSettings.Secret("dingtalk-sign")),
                ("slack", "Slack", AzureSettings.Secret("slack-url"), null),
                ("teams", "Teams", AzureSettings.Secret("teams-url"), null),
            ],
            report.Channels.OrderBy(channel => channel.Key, StringComparer.Ordinal)
                .Select(channel => (channel.Key, channel.Value.Kind, channel.Value.Url, channel.Value.Secret)));
        Assert.Equal(
            (TimeSpan.FromMinutes(5), TimeSpan.FromDays(3)), (verifications.ResendCooldown, verifications.ExpireAfter));
        Assert.Equal(("zh-CN", "cn-hangzhou"), (chats.Language, chats.DefaultRegion));
        Assert.Equal(
            ("C2147483705", "cn-shanghai"), (chats.Channels.Single().Id, chats.Channels.Single().DefaultRegion));
        Assert.Equal([AzureSettings.Secret("slack"), AzureSettings.Secret("slack-new")], Chat(host, "Slack").Secrets);
        Assert.Equal([AzureSettings.Secret("teams")], Chat(host, "Teams").Secrets);
        Assert.Equal([AzureSettings.Secret("dingtalk")], Chat(host, "DingTalk").Secrets);
        Assert.Equal(["U2CERLKJA", "U2CERLKJB"], Chat(host, "Slack").AllowedUsers);
        Assert.Equal(["29:1234"], Chat(host, "Teams").AllowedUsers);
        Assert.Equal(["manager4220"], Chat(host, "DingTalk").AllowedUsers);
        var feishu = Options<FeishuAppOptions>(host);
        Assert.Equal(
            ("cli_1", AzureSettings.Secret("feishu-app"), AzureSettings.Secret("feishu-token")),
            (feishu.AppId, feishu.AppSecret, feishu.VerificationToken));
        Assert.Equal([AzureSettings.Secret("standard")], Webhooks(host, "Standard"));
        Assert.Equal([AzureSettings.Secret("github")], Webhooks(host, "GitHub"));
        var vault = Options<KeyVaultOptions>(host);
        Assert.Equal(("other-credentials", TimeSpan.FromMinutes(10)), (vault.CredentialsSecretName, vault.CacheFor));
        Assert.Equal(TimeSpan.FromSeconds(20), Options<AlibabaOptions>(host).Timeout);
        Assert.True(Options<ReconcileOptions>(host).Enabled);
    }

    private static void AssertDefault<TOptions>(IHost host, Action<TOptions>? change = null)
        where TOptions : class, new()
    {
        var expected = new TOptions();
        change?.Invoke(expected);
        Assert.Equal(JsonSerializer.Serialize(expected), JsonSerializer.Serialize(Options<TOptions>(host)));
    }

    private static ChatPlatformOptions Chat(IHost host, string platform) =>
        host.Services.GetRequiredService<IOptionsMonitor<ChatPlatformOptions>>().Get(platform);

    private static IList<string> Webhooks(IHost host, string sender) =>
        host.Services.GetRequiredService<IOptionsMonitor<WebhookSecrets>>().Get(sender).Secrets;

    private static TOptions Options<TOptions>(IHost host)
        where TOptions : class => host.Services.GetRequiredService<IOptions<TOptions>>().Value;

    private static IConfigurationRoot Configuration(IEnumerable<KeyValuePair<string, string>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(WithColons(settings)).Build();

    private static Dictionary<string, string?> WithColons(
        IEnumerable<KeyValuePair<string, string>> settings) => settings.ToDictionary(
        setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), string? (setting) => setting.Value);

    /// <summary>Builds the app with telemetry, and validates its options.</summary>
    private static IHost Start(Dictionary<string, string> settings)
    {
        var host = AppServices.Build(
            WithColons(settings),
            TimeProvider.System,
            services => Assert.NotNull(services.AddEdsTelemetry(Configuration(settings))),
            Environments.Production);
        host.Services.GetRequiredService<IStartupValidator>().Validate();
        return host;
    }
}
