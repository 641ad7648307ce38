using System.Diagnostics;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using OpenTelemetry;

namespace EdsFunctions.Core.Telemetry;

/// <summary>
/// The one telemetry pipeline: OpenTelemetry, to Azure Monitor where <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set, and to an
/// OTLP receiver where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is.
/// </summary>
public static class EdsTelemetry
{
    /// <summary>The meter of the app's own metrics.</summary>
    public const string MeterName = "EdsFunctions";

    /// <summary>The source of the app's own activities (spans).</summary>
    public const string SourceName = "EdsFunctions";

    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>How the Functions host is told to sign in to Azure Monitor, such as <c>Authorization=AAD;ClientId=…</c>.</summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    internal static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Adds the pipeline where there is a receiver; a host may add to it.</summary>
    /// <returns>Null where there is no receiver, so that nothing is collected that nobody gets.</returns>
    public static IOpenTelemetryBuilder? AddEdsTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var toOtlp = !string.IsNullOrEmpty(configuration[OtlpEndpoint]);
        var connectionString = configuration[ConnectionString];
        var toAzureMonitor = !string.IsNullOrEmpty(connectionString);
        if (!toOtlp && !toAzureMonitor)
        {
            return null;
        }

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
                options.Credential = Credential(configuration[Authentication]);
            });
        }

        return telemetry;
    }

    /// <summary>Which categories say how much: host.json does not govern the logger of a worker.</summary>
    internal static IServiceCollection AddLogFilters(this IServiceCollection services) => services.AddLogging(logging => logging
        // Its request log holds the query, and the query may hold the function key.
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Http", LogLevel.Warning)
        .AddFilter("System.Net.Http", LogLevel.Warning)
        .AddFilter("Azure", LogLevel.Warning));

    private static ManagedIdentityCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
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
