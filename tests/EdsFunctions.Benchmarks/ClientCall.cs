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

namespace EdsFunctions.Benchmarks;

/// <summary>
/// The client as the app registers it, with retries, logs, traces and metrics. Log messages are formatted and spans are
/// sampled, but neither is exported: the figures are those of this process alone.
/// </summary>
internal sealed class ClientCall : ICall
{
    private readonly IHost host;
    private readonly EcdClient client;

    public ClientCall(Uri endpoint)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Alibaba:EndpointOverride"] = endpoint.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = BareCall.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = BareCall.AccessKeySecret,
        });
        builder.Logging.AddProvider(new DiscardingLogger());
        builder.Services.AddEdsFunctions();
        builder.Services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(EdsTelemetry.SourceName)
                .AddProcessor(new BatchActivityExportProcessor(new DiscardingExporter<Activity>())))
            .WithMetrics(metrics => metrics.AddMeter(EdsTelemetry.MeterName)
                .AddReader(new PeriodicExportingMetricReader(new DiscardingExporter<Metric>())));
        host = builder.Build();
        host.Start();
        client = host.Services.GetRequiredService<EcdClient>();
    }

    public async Task CallAsync(int number)
    {
        var outcome = await client.SendVerifyCodeAsync(BareCall.Target, CancellationToken.None);
        if (outcome is not EcdOutcome.Accepted)
        {
            throw new InvalidOperationException($"The outcome of a call is {outcome.Name()}.");
        }
    }

    public void Dispose() => host.Dispose();

    private sealed class DiscardingLogger : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            formatter(state, exception);

        public void Dispose()
        {
        }
    }

    private sealed class DiscardingExporter<T> : BaseExporter<T>
        where T : class
    {
        public override ExportResult Export(in Batch<T> batch) => ExportResult.Success;
    }
}
