using Azure.Core;
using Azure.Data.Tables;
using Azure.Security.KeyVault.Secrets;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Credentials;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Http;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Reporting;
using EdsFunctions.Core.Reporting.Channels;
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
        return services.AddVault().AddAlibaba().AddVerifications().AddMessages().AddReporting().AddChats().AddEndpoints();
    }

    private static IServiceCollection AddVault(this IServiceCollection services)
    {
        services.AddCheckedOptions<KeyVaultOptions, KeyVaultOptionsValidator>(KeyVaultOptions.Section);
        services.AddSingleton<IValidateOptions<KeyVaultOptions>, SecretNameValidator>();
        services.AddSingleton<IValidateOptions<KeyVaultOptions>, CredentialSourceValidator>();
        services.TryAddSingleton<TokenCredential>(provider => VaultClients.Credential(
            provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value, provider.GetRequiredService<IHostEnvironment>()));
        services.TryAddSingleton<SecretClient>(provider => VaultClients.SecretClient(
            provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value.Uri!, provider.GetRequiredService<TokenCredential>()));
        services.AddSingleton<ICredentialSource>(provider => provider.GetRequiredService<IOptions<KeyVaultOptions>>().Value.Uri is null
            ? ActivatorUtilities.CreateInstance<EnvironmentCredentialSource>(provider)
            : ActivatorUtilities.CreateInstance<KeyVaultCredentialSource>(provider));
        return services;
    }

    private static IServiceCollection AddAlibaba(this IServiceCollection services)
    {
        services.AddCheckedOptions<AlibabaOptions, AlibabaOptionsValidator>(AlibabaOptions.Section);
        services.AddSingleton<IValidateOptions<AlibabaOptions>, EndpointOverrideValidator>();
        services.AddHttpClient(EcdTransport.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(provider =>
                EcdTransport.CreateHandler(provider.GetRequiredService<IOptions<AlibabaOptions>>().Value))
            // The factory's loggers write addresses and headers, and both hold what must not be written.
            .RemoveAllLoggers();
        services.AddSingleton<EcdTransport>();
        services.AddSingleton<EcdMetrics>();
        services.AddSingleton<EcdClient>();
        return services;
    }

    private static IServiceCollection AddVerifications(this IServiceCollection services)
    {
        services.AddCheckedOptions<VerificationOptions, VerificationOptionsValidator>(VerificationOptions.Section);
        services.AddSingleton<IValidateOptions<VerificationOptions>, StoreValidator>();
        services.TryAddSingleton<IVerificationStore>(CreateStore);
        services.AddOptions<ReconcileOptions>()
            .Configure<IConfiguration>((reconcile, configuration) => configuration.GetSection(ReconcileOptions.Section).Bind(reconcile))
            .ValidateOnStart();
        services.AddSingleton<VerificationMetrics>();
        services.AddSingleton<VerificationWriter>();
        services.AddSingleton<VerificationService>();
        services.AddSingleton<AttachmentService>();
        services.AddSingleton<Reconciliation>();
        return services;
    }

    private static IVerificationStore CreateStore(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<VerificationOptions>>().Value;
        var environment = provider.GetRequiredService<IHostEnvironment>();
        return StoreChoice.Of(options, environment, provider.GetRequiredService<IConfiguration>()) == StoreKind.Table
            ? new TableVerificationStore(options.TableConnectionString is { Length: > 0 } connectionString
                ? new TableServiceClient(connectionString, TableVerificationStore.ClientOptions())
                : new TableServiceClient(
                    options.TableServiceUri, provider.GetRequiredService<TokenCredential>(), TableVerificationStore.ClientOptions()))
            : new SqliteVerificationStore(Path.Combine(environment.ContentRootPath, options.SqlitePath));
    }

    private static IServiceCollection AddMessages(this IServiceCollection services)
    {
        services.AddHttpClient(MessageSender.HttpClientName, MessageSender.Configure)
            .ConfigurePrimaryHttpMessageHandler(MessageSender.CreateHandler)
            // The factory's loggers write addresses, and whoever knows one can write to the channel.
            .RemoveAllLoggers();
        services.AddSingleton<MessageSender>();
        return services;
    }

    private static IServiceCollection AddReporting(this IServiceCollection services)
    {
        services.AddCheckedOptions<StaleReportOptions, StaleReportOptionsValidator>(StaleReportOptions.Section);
        services.AddOptions<StaleReportOptions>().Configure<IConfiguration>((report, configuration) =>
            report.Schedule = configuration[StaleReportOptions.ScheduleSetting] ?? report.Schedule);
        services.AddSingleton<IValidateOptions<StaleReportOptions>, ScheduleValidator>();
        services.AddSingleton<IValidateOptions<StaleReportOptions>, ReportChannelsValidator>();
        services.AddSingleton<ReportMetrics>();
        services.AddSingleton<ReportChannels>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton<StaleReport>();
        return services;
    }

    private static IServiceCollection AddChats(this IServiceCollection services)
    {
        services.AddCheckedOptions<ChatOpsOptions, ChatOpsOptionsValidator>(ChatOpsOptions.Section);
        services.AddCheckedOptions<WebhookOptions, WebhookOptionsValidator>(WebhookOptions.Section);
        services.AddSingleton<SlackPlatform>();
        services.AddSingleton<TeamsPlatform>();
        services.AddSingleton<DingTalkPlatform>();
        services.AddSingleton<FollowUp>();
        services.AddSingleton<CommandRunner>();
        services.AddSingleton<ChatDesk>();
        return services;
    }

    private static IServiceCollection AddEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<EndpointGuard>();
        services.AddSingleton<VerificationEndpoints>();
        services.AddSingleton<AttachmentEndpoints>();
        services.AddSingleton<ReportEndpoints>();
        services.AddSingleton<ChatOpsEndpoints>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<ServiceEndpoints>();
        return services;
    }

    private static void AddCheckedOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddOptions<TOptions>()
            .Configure<IConfiguration>((options, configuration) => configuration.GetSection(section).Bind(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, TValidator>();
    }
}
