using System.Net;
using Azure.Core;
using Azure.Security.KeyVault.Secrets;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Api;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Maintenance;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Platforms;
using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Hosting;

/// <summary>Registers the services of the app. The Functions app and DevHost add only their triggers.</summary>
public static class EdsFunctionsServices
{
    /// <summary>Adds the services of the app. The host validates the options when it starts.</summary>
    public static IServiceCollection AddEdsFunctions(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HttpClient.DefaultProxy);
        services.AddLogFilters();
        services.AddMetrics();
        services.AddShutdownTimeout();
        services.AddSingleton<TelemetryFlush>();
        services.AddSingleton<ClosedSections>();
        services.AddVault();
        services.AddAlibaba();
        services.AddVerifications();
        services.AddMessages();
        services.AddReporting();
        services.AddMaintenance();
        services.AddChats();
        services.AddEndpoints();
        return services;
    }

    private static void AddShutdownTimeout(this IServiceCollection services) =>
        // The shutdown timeout is long enough to record the outcome of a call in progress. The timeout of a call is
        // read from the configuration, because the host needs it before it validates the options.
        services.AddOptions<HostOptions>().Configure<IConfiguration>((host, configuration) => host.ShutdownTimeout =
            (Duration.Parse(configuration["Alibaba:Timeout"] ?? "") is { } timeout
                ? new AlibabaOptions { Timeout = timeout }
                : new AlibabaOptions()).Budget + TimeSpan.FromSeconds(10));

    private static void AddVault(this IServiceCollection services)
    {
        services.AddCheckedOptions<KeyVaultOptions>(
            KeyVaultOptions.Section,
            (options, environment, configuration) => options.Validate(environment, configuration));
        services.TryAddSingleton<TokenCredential>(provider => KeyVaultCredentialSource.CreateCredential(
            provider.Options<KeyVaultOptions>(), provider.GetRequiredService<IHostEnvironment>()));
        services.TryAddSingleton<SecretClient>(provider => new SecretClient(
            provider.Options<KeyVaultOptions>().Uri!,
            provider.GetRequiredService<TokenCredential>(),
            KeyVaultCredentialSource.ClientOptions()));
        services.AddSingleton<ICredentialSource>(provider => provider.Options<KeyVaultOptions>().Uri is null
            ? ActivatorUtilities.CreateInstance<EnvironmentCredentialSource>(provider)
            : ActivatorUtilities.CreateInstance<KeyVaultCredentialSource>(provider));
    }

    private static void AddAlibaba(this IServiceCollection services)
    {
        services.AddCheckedOptions<AlibabaOptions>(
            AlibabaOptions.Section, (options, environment, _) => options.Validate(environment));
        services.AddHttpClient(EcdTransport.HttpClientName)
            .ConfigurePrimaryHttpMessageHandler(provider =>
                EcdTransport.CreateHandler(
                    provider.Options<AlibabaOptions>(), provider.GetRequiredService<IWebProxy>()))
            // The factory's loggers write URLs and headers, which contain secrets.
            .RemoveAllLoggers();
        services.AddSingleton(provider => new Regions(provider.Options<AlibabaOptions>().AdditionalRegions));
        services.AddSingleton<EcdTransport>();
        services.AddSingleton<EcdMetrics>();
        services.AddSingleton<EcdClient>();
    }

    private static void AddVerifications(this IServiceCollection services)
    {
        services.AddCheckedOptions<VerificationOptions>(VerificationOptions.Section, VerificationStores.Validate);
        services.TryAddSingleton<IVerificationStore>(VerificationStores.Create);
        services.AddSingleton(
            provider => provider.Options<VerificationOptions>().CreateRules(provider.Options<AlibabaOptions>()));
        services.AddSingleton<VerificationMetrics>();
        services.AddSingleton<RecordReader>();
        services.AddSingleton<VerificationWriter>();
        services.AddSingleton<BackgroundWork>();
        services.AddHostedService(provider => provider.GetRequiredService<BackgroundWork>());
        services.AddSingleton<RepeatedRequests>();
        services.AddSingleton<CodeSender>();
        services.AddSingleton<UndeliveredReplies>();
        services.AddSingleton<SendVerification>();
        services.AddSingleton<ResendVerification>();
        services.AddSingleton<CloseVerification>();
        services.AddSingleton<Attachments>();
        services.AddSingleton<CheckCen>();
        services.AddSingleton<AttachToOfficeSite>();
    }

    private static void AddMessages(this IServiceCollection services)
    {
        services.AddHttpClient(MessageSender.HttpClientName, MessageSender.Configure)
            .ConfigurePrimaryHttpMessageHandler(
                provider => MessageSender.CreateHandler(provider.GetRequiredService<IWebProxy>()))
            // The factory's loggers write URLs, which are secrets.
            .RemoveAllLoggers();
        services.AddSingleton<MessageSender>();
    }

    private static void AddReporting(this IServiceCollection services)
    {
        services.AddSingleton<ChannelKinds>();
        services.AddCheckedOptions<StaleReportOptions>(StaleReportOptions.Section)
            .Configure<IConfiguration>((report, configuration) =>
                report.Schedule = configuration[StaleReportOptions.ScheduleSetting] ?? report.Schedule);
        services.AddSingleton<IValidateOptions<StaleReportOptions>, ReportChannelsValidator>();
        services.AddSingleton<ReportMetrics>();
        // A hosted service is created at start-up, so the gauges exist before the first run of the timer.
        services.AddHostedService(provider => provider.GetRequiredService<ReportMetrics>());
        services.AddSingleton<ReportChannels>();
        services.AddSingleton<Heartbeat>();
        services.AddSingleton<StaleReport>();
    }

    private static void AddMaintenance(this IServiceCollection services)
    {
        services.AddCheckedOptions<ReconcileOptions>(ReconcileOptions.Section);
        services.AddSingleton<TimeOutAbandonedSends>();
        services.AddSingleton<CompleteAcceptedAttachments>();
        services.AddSingleton<Reconcile>();
        services.AddSingleton<ExpireVerifications>();
        services.AddSingleton<CleanUp>();
        services.AddSingleton<MaintenanceRun>();
    }

    private static void AddChats(this IServiceCollection services)
    {
        services.AddCheckedOptions<ChatOpsOptions>(ChatOpsOptions.Section);
        services.AddSingleton<IValidateOptions<ChatOpsOptions>, ChatSettingsValidator>();
        services.AddPlatforms();
        services.AddSingleton<CommandServices>();
        services.AddSingleton<ChatCommandHandler>();
    }

    private static void AddEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<ExceptionFilter>();
        services.AddSingleton<DeliveryMetrics>();
        services.AddSingleton<DeliveryChecks>();
        services.AddSingleton<VerificationEndpoints>();
        services.AddSingleton<AttachmentEndpoints>();
        services.AddSingleton<ReportEndpoints>();
        services.AddSingleton<ChatOpsEndpoints>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<ServiceEndpoints>();
    }

    /// <summary>Adds options that the host validates when it starts: by their attributes, and by a function.</summary>
    private static OptionsBuilder<TOptions> AddCheckedOptions<TOptions>(
        this IServiceCollection services,
        string section,
        Func<TOptions, IHostEnvironment, IConfiguration, IEnumerable<string>>? check = null)
        where TOptions : class
    {
        if (new AttributeValidator() is IValidateOptions<TOptions> attributes)
        {
            // Use the section as the name of the options, because validation messages name a setting as
            // {name}.{property}.
            services.AddSingleton<IValidateOptions<TOptions>>(new NamedValidator<TOptions>(
                Microsoft.Extensions.Options.Options.DefaultName,
                options => (attributes.Validate(section, options).Failures ?? [])
                    .Select(failure => failure.Replace($"{section}.", $"{section}:", StringComparison.Ordinal))));
        }

        if (check is not null)
        {
            services.AddSingleton<IValidateOptions<TOptions>>(provider => new NamedValidator<TOptions>(
                Microsoft.Extensions.Options.Options.DefaultName,
                options => check(
                    options,
                    provider.GetRequiredService<IHostEnvironment>(),
                    provider.GetRequiredService<IConfiguration>())));
        }

        // Make IOptions use IOptionsMonitor, which has validated the options at the start. By default, IOptions would
        // bind and validate the options once more.
        services.AddSingleton<IOptions<TOptions>>(provider => new OptionsWrapper<TOptions>(
            provider.GetRequiredService<IOptionsMonitor<TOptions>>().CurrentValue));
        return services.AddOptions<TOptions>()
            .Configure<IConfiguration>((_, configuration) =>
                SettingText.Validate(typeof(TOptions), section, configuration))
            .BindConfiguration(section)
            .ValidateOnStart();
    }

    private static TOptions Options<TOptions>(this IServiceProvider provider)
        where TOptions : class => provider.GetRequiredService<IOptions<TOptions>>().Value;
}

/// <summary>Validates options by the attributes of their properties.</summary>
[OptionsValidator]
internal sealed partial class AttributeValidator :
    IValidateOptions<AlibabaOptions>,
    IValidateOptions<KeyVaultOptions>,
    IValidateOptions<StaleReportOptions>,
    IValidateOptions<VerificationOptions>;
