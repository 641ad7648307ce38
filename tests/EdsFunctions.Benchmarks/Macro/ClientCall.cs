using System.Diagnostics;
using EdsFunctions.Core;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>
/// The real ECD client, as the app registers it: it repeats, logs and measures. What it logs is formatted, and what it traces sampled, and both then
/// go nowhere, so that no other process has a part in the figures.
/// </summary>
internal sealed class ClientCall : IMacroCall
{
    private readonly IHost host;
    private readonly EcdClient client;

    public ClientCall(Uri endpoint)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Alibaba:EndpointOverride"] = endpoint.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = FloorCall.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = FloorCall.AccessKeySecret,
        });
        builder.Logging.AddProvider(new FormattedAndDropped());
        builder.Services.AddEdsFunctions();
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(EdsActivities.SourceName)
                .AddProcessor(new BatchActivityExportProcessor(new Nowhere<Activity>())))
            .WithMetrics(metrics => metrics.AddMeter(EdsTelemetry.MeterName)
                .AddReader(new PeriodicExportingMetricReader(new Nowhere<Metric>())));
        host = builder.Build();
        host.Start();
        client = host.Services.GetRequiredService<EcdClient>();
    }

    public async Task CallAsync(int number)
    {
        var outcome = await client.SendVerifyCodeAsync(FloorCall.Target, CancellationToken.None);
        if (outcome is not EcdOutcome.Accepted)
        {
            throw new InvalidOperationException($"A call was {outcome.Name()}.");
        }
    }

    public void Dispose() => host.Dispose();

    private sealed class FormattedAndDropped : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            formatter(state, exception);

        public void Dispose()
        {
        }
    }

    private sealed class Nowhere<T> : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch) => ExportResult.Success;
    }
}
