using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Hosting;
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
/// Measures 32 concurrent calls of the simulator or of DevHost. Both run as other processes, so that the figures do not
/// include their cost.
/// </summary>
[MemoryDiagnoser]
public class CallBenchmarks
{
    private const int Concurrency = 32;
    private const int CallsEach = 10;
    private const long FirstOwner = 1_000_000_000_000_000;

    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler { UseProxy = false });
    private static readonly CenTarget Target =
        new("cn-hangzhou", "cen-3weq30r6t0s7t4abcd", new AccountId(1234567890123456));

    /// <summary>Makes the CEN ids of this run unique, because each request must create a new verification.</summary>
    private readonly string run = Guid.NewGuid().ToString("N")[..12];
    private readonly Uri verifications = new(Url("EDS_BASE_URL", "http://127.0.0.1:7071"), "api/verifications");
    private int number;
    private IHost host = null!;
    private EcdClient client = null!;

    /// <summary>
    /// Creates the client for Alibaba as the app registers it, with retries, logs, traces and metrics. Exports nothing.
    /// </summary>
    [GlobalSetup(Target = nameof(Client))]
    public void StartClient()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Alibaba:EndpointOverride"] = Url("EDS_SIMULATOR_URL", "http://127.0.0.1:7072").ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
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

    [GlobalCleanup(Target = nameof(Client))]
    public void StopClient() => host.Dispose();

    /// <summary>Measures one call <c>SendVerifyCode</c> of the simulator.</summary>
    [Benchmark(OperationsPerInvoke = Concurrency * CallsEach)]
    public Task Client() => RepeatAsync(async () =>
    {
        var outcome = await client.CallAsync(new SendVerifyCode(Target), CancellationToken.None);
        Require(outcome.Failure is null, outcome.Name());
    });

    /// <summary>Measures one <c>POST verifications</c> of DevHost, which creates a verification.</summary>
    [Benchmark(OperationsPerInvoke = Concurrency * CallsEach)]
    public Task Request() => RepeatAsync(async () =>
    {
        var id = Interlocked.Increment(ref number);
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"regionId":"cn-hangzhou","cenId":"cen-{{run}}{{id}}","cenOwnerId":{{FirstOwner + id}}}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, verifications)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        using var response = await Http.SendAsync(request, CancellationToken.None);
        await response.Content.ReadAsByteArrayAsync();
        Require(response.StatusCode == HttpStatusCode.Created, $"{response.StatusCode}");
    });

    private static Uri Url(string variable, string fallback) =>
        new(Environment.GetEnvironmentVariable(variable) ?? fallback);

    private static Task RepeatAsync(Func<Task> call) => Task.WhenAll(Enumerable.Range(0, Concurrency).Select(async _ =>
    {
        for (var i = 0; i < CallsEach; i++)
        {
            await call();
        }
    }));

    private static void Require(bool succeeded, string outcome)
    {
        if (!succeeded)
        {
            throw new InvalidOperationException($"A call failed: {outcome}.");
        }
    }

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
