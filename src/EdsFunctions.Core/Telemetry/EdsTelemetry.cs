using System.Diagnostics;
using System.Diagnostics.Metrics;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace EdsFunctions.Core.Telemetry;

/// <summary>
/// Sets up OpenTelemetry. Exports to Azure Monitor if <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, and to an
/// OTLP collector if <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.
/// </summary>
public static class EdsTelemetry
{
    /// <summary>The meter of the app's own metrics.</summary>
    public const string MeterName = "EdsFunctions";

    /// <summary>The source of the app's own activities (spans).</summary>
    public const string SourceName = "EdsFunctions";

    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>
    /// A setting of the Functions host: how to sign in to Azure Monitor, such as <c>Authorization=AAD;ClientId=…</c>.
    /// </summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    internal static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Adds OpenTelemetry if the settings configure an exporter.</summary>
    /// <returns>The builder, for additions of the host; null if no exporter is configured.</returns>
    /// <exception cref="OptionsValidationException">The address of an exporter is invalid.</exception>
    public static IOpenTelemetryBuilder? AddEdsTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var toOtlp = !string.IsNullOrEmpty(configuration[OtlpEndpoint]);
        var connectionString = configuration[ConnectionString];
        var toAzureMonitor = !string.IsNullOrEmpty(connectionString);
        if (!toOtlp && !toAzureMonitor)
        {
            return null;
        }

        Validate(configuration[OtlpEndpoint], connectionString);
        IOpenTelemetryBuilder telemetry = services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(MeterName))
            .WithTracing(tracing => tracing.AddSource(SourceName))
            .WithLogging(configureBuilder: null, logging => logging.IncludeFormattedMessage = true);
        if (toOtlp)
        {
            telemetry.UseOtlpExporter();
        }

        if (toAzureMonitor)
        {
            telemetry.UseAzureMonitorExporter(options =>
            {
                options.ConnectionString = connectionString;
                options.Credential = CreateCredential(configuration[Authentication]);
                // Export everything. By default, the exporter keeps five traces a second, and only the logs of these
                // traces.
                options.TracesPerSecond = null;
                options.SamplingRatio = 1;
                options.EnableTraceBasedLogsSampler = false;
            });
        }

        return telemetry;
    }

    /// <summary>
    /// Sets the log levels of libraries. The levels in host.json do not apply to the logs that the worker writes.
    /// </summary>
    internal static IServiceCollection AddLogFilters(
        this IServiceCollection services) => services.AddLogging(logging => logging
        // The request logs of ASP.NET Core contain the query, which may contain the function key.
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Http", LogLevel.Warning)
        .AddFilter("System.Net.Http", LogLevel.Warning)
        .AddFilter("Azure", LogLevel.Warning));

    /// <summary>
    /// Measures a Unix time in seconds. Makes no measurement while the time is not set, because 0 would mean the year
    /// 1970.
    /// </summary>
    internal static IEnumerable<Measurement<long>> MeasureTime(ref long time) =>
        Interlocked.Read(ref time) is > 0 and var at ? [new Measurement<long>(at)] : [];

    /// <summary>
    /// Validates the settings of the exporters. An exporter would ignore an invalid setting, or throw an exception that
    /// does not name the setting.
    /// </summary>
    private static void Validate(string? otlpEndpoint, string? connectionString)
    {
        string[] failures =
        [
            .. string.IsNullOrEmpty(otlpEndpoint)
                || (Uri.TryCreate(otlpEndpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                ? Array.Empty<string>()
                : [$"{OtlpEndpoint} must be a URL without quotation marks, such as http://127.0.0.1:4317."],
            .. string.IsNullOrEmpty(connectionString) || connectionString.Split(';', StringSplitOptions.TrimEntries)
                .Any(part => part.StartsWith("InstrumentationKey=", StringComparison.OrdinalIgnoreCase))
                ? Array.Empty<string>()
                : [$"{ConnectionString} must be a connection string without quotation marks: InstrumentationKey=…;…"],
        ];
        if (failures.Length > 0)
        {
            throw new OptionsValidationException("Telemetry", typeof(EdsTelemetry), failures);
        }
    }

    private static ManagedIdentityCredential? CreateCredential(string? authentication)
    {
        var parts = (authentication ?? "")
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (!parts.Contains("Authorization=AAD", StringComparer.OrdinalIgnoreCase))
        {
            return null;
        }

        const string ClientId = "ClientId=";
        return new ManagedIdentityCredential(
            Array.Find(parts, part => part.StartsWith(ClientId, StringComparison.OrdinalIgnoreCase)) is { } clientId
                ? ManagedIdentityId.FromUserAssignedClientId(clientId[ClientId.Length..])
                : ManagedIdentityId.SystemAssigned);
    }
}
