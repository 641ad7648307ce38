using Azure.Core;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Http;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Reporting;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;
using EdsFunctions.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core;

/// <summary>Registers everything that the app does; a host adds its triggers, and nothing else.</summary>
public static class EdsFunctionsServices
{
    /// <summary>Adds the app. Its options are checked when the host starts.</summary>
    public static IServiceCollection AddEdsFunctions(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddLogFilters();
        services.AddMetrics();
        services.AddVault();
        services.AddAlibaba();
        services.AddVerifications();
        services.AddMessages();
        services.AddReporting();
        services.AddChats();
        services.AddEndpoints();
        return services;
    }

    private static void AddVault(this IServiceCollection services)
    {
        services.AddCheckedOptions<KeyVaultOptions>(
            KeyVaultOptions.Section, typeof(KeyVaultOptionsValidator), typeof(CredentialSourceValidator));
        services.TryAddSingleton<TokenCredential>(provider => VaultClients.Credential(
            provider.Options<KeyVaultOptions>(), provider.GetRequiredService<IHostEnvironment>()));
        services.TryAddSingleton<SecretClient>(provider => new SecretClient(
            provider.Options<KeyVaultOptions>().Uri!, provider.GetRequiredService<TokenCredential>(), VaultClients.Options()));
        services.AddSingleton<ICredentialSource>(provider => provider.Options<KeyVaultOptions>().Uri is null
            ? ActivatorUtilities.CreateInstance<EnvironmentCredentialSource>(provider)
            : ActivatorUtilities.CreateInstance<KeyVaultCredentialSource>(provider));
    }

    private static void AddAlibaba(this IServiceCollection services)
    {
        services.AddCheckedOptions<AlibabaOptions>(
            AlibabaOptions.Section, typeof(AlibabaOptionsValidator), typeof(EndpointOverrideValidator));
        services.AddHttpClient(EcdTransport.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(provider =>
                EcdTransport.CreateHandler(provider.Options<AlibabaOptions>()))
            // The factory's loggers write addresses and headers, and both hold what must not be written.
            .RemoveAllLoggers();
        services.AddSingleton<EcdTransport>();
        services.AddSingleton<EcdMetrics>();
        services.AddSingleton<EcdClient>();
    }

    private static void AddVerifications(this IServiceCollection services)
    {
        services.AddCheckedOptions<VerificationOptions>(
            VerificationOptions.Section, typeof(VerificationOptionsValidator), typeof(StoreValidator));
        services.AddCheckedOptions<ReconcileOptions>(ReconcileOptions.Section);
        services.TryAddSingleton<IVerificationStore>(CreateStore);
        services.AddSingleton<VerificationMetrics>();
        services.AddSingleton<VerificationWriter>();
        services.AddSingleton<VerificationService>();
        services.AddSingleton<AttachmentService>();
        services.AddSingleton<Reconciliation>();
    }

    private static IVerificationStore CreateStore(IServiceProvider provider)
    {
        var options = provider.Options<VerificationOptions>();
        var environment = provider.GetRequiredService<IHostEnvironment>();
        return StoreChoice.Of(options, environment, provider.GetRequiredService<IConfiguration>()) == StoreKind.Table
            ? new TableVerificationStore(options.TableConnectionString is { Length: > 0 } connectionString
                ? new TableServiceClient(connectionString, TableVerificationStore.ClientOptions())
                : new TableServiceClient(
                    options.TableServiceUri, provider.GetRequiredService<TokenCredential>(), TableVerificationStore.ClientOptions()))
            : new SqliteVerificationStore(Path.Combine(environment.ContentRootPath, options.SqlitePath));
    }

    private static void AddMessages(this IServiceCollection services)
    {
        services.AddHttpClient(MessageSender.HttpClientName, MessageSender.Configure)
            .ConfigurePrimaryHttpMessageHandler(MessageSender.CreateHandler)
            // The factory's loggers write addresses, and whoever knows one can write to the channel.
            .RemoveAllLoggers();
        services.AddSingleton<MessageSender>();
    }

    private static void AddReporting(this IServiceCollection services)
    {
        services.AddCheckedOptions<StaleReportOptions>(
                StaleReportOptions.Section,
                typeof(StaleReportOptionsValidator), typeof(ReportChannelsValidator))
            .Configure<IConfiguration>((report, configuration) =>
                report.Schedule = configuration[StaleReportOptions.ScheduleSetting] ?? report.Schedule);
        services.AddSingleton<ReportMetrics>();
        services.AddSingleton<ReportChannels>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton<StaleReport>();
    }

    private static void AddChats(this IServiceCollection services)
    {
        services.AddCheckedOptions<ChatOpsOptions>(ChatOpsOptions.Section, typeof(ChatOpsOptionsValidator));
        services.AddCheckedOptions<WebhookOptions>(WebhookOptions.Section, typeof(WebhookOptionsValidator));
        services.AddSingleton<SlackPlatform>();
        services.AddSingleton<TeamsPlatform>();
        services.AddSingleton<DingTalkPlatform>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<ChatDesk>();
    }

    private static void AddEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<EndpointGuard>();
        services.AddSingleton<VerificationEndpoints>();
        services.AddSingleton<AttachmentEndpoints>();
        services.AddSingleton<ReportEndpoints>();
        services.AddSingleton<ChatOpsEndpoints>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<ServiceEndpoints>();
    }

    /// <summary>Options that are bound and validated when the host starts.</summary>
    private static OptionsBuilder<TOptions> AddCheckedOptions<TOptions>(
        this IServiceCollection services, string section, params Type[] validators)
        where TOptions : class
    {
        foreach (var validator in validators)
        {
            services.AddSingleton(typeof(IValidateOptions<TOptions>), validator);
        }

        return services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
    }

    private static TOptions Options<TOptions>(this IServiceProvider provider)
        where TOptions : class => provider.GetRequiredService<IOptions<TOptions>>().Value;
}
