using Azure.Monitor.OpenTelemetry.Exporter;

namespace EdsFunctions.Tests.Telemetry;

/// <summary>
/// The app exports its telemetry at the end of a timer run, after a call that Alibaba did not accept, after a rejected
/// delivery, and after a failure of the vault or of the health check.
/// </summary>
public sealed class TelemetryFlushTests : IDisposable
{
    private static readonly RawHttpReply Accepts = RawHttpReply.Create(200, "application/x-protobuf", "");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("/v1/metrics", "eds.report.runs")]
    [InlineData("/v1/traces", "stale report")]
    [InlineData("/v1/logs", "Stale verifications: 1")]
    public async Task Run_Ends_HasExportedEachSignal(string path, string content)
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        await using var collector = RawHttpServer.Start(Accepts);
        using var host = Build(alibaba, collector);
        await host.StartAsync(Cancel);
        await SendAsync(host);
        host.Services.GetRequiredService<FakeTimeProvider>().Advance(TimeSpan.FromHours(1));

        await host.Services.GetRequiredService<MaintenanceRun>().RunAsync(Cancel).WithTimeoutAsync();

        Assert.Contains(Exports(collector, path), body => body.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CollectorDoesNotRespond_EndsAfterTwoSeconds()
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        await using var collector = RawHttpServer.Start(RawHttpReply.Hangs);
        using var host = Build(alibaba, collector);
        await host.StartAsync(Cancel);
        var time = host.Services.GetRequiredService<FakeTimeProvider>();

        var run = host.Services.GetRequiredService<MaintenanceRun>().RunAsync(Cancel);
        await collector.NextAsync();
        time.Advance(TimeSpan.FromSeconds(2) - TimeSpan.FromMilliseconds(1));
        Assert.False(run.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));

        await run.WithTimeoutAsync();
    }

    [Theory]
    [InlineData(FaultKind.Denied, "rejected")]
    [InlineData(FaultKind.CloseAfterWork, "unknown")]
    public async Task Send_AlibabaDoesNotAccept_ExportsTheCallAndItsSpan(FaultKind fault, string outcome)
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        await using var collector = RawHttpServer.Start(Accepts);
        using var host = Build(alibaba, collector);
        await host.StartAsync(Cancel);
        alibaba.Faults.Add(new Fault(fault));

        await SendAsync(host);

        while (!Exports(collector, "/v1/metrics").Any(body => body.Contains(outcome, StringComparison.Ordinal))
            || !Exports(collector, "/v1/traces").Any(body => body.Contains(outcome, StringComparison.Ordinal)))
        {
            await collector.NextAsync();
        }
    }

    [Fact]
    public async Task Send_WhileAFlushIsInProgress_IsExportedByOneMore()
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = RawHttpServer.Start(async _ =>
        {
            await release.Task;
            return Accepts;
        });
        using var host = Build(alibaba, collector);
        await host.StartAsync(Cancel);
        alibaba.Faults.Add(new Fault(FaultKind.Denied, Times: 5));
        await SendAsync(host);
        await collector.NextAsync();
        for (var calls = 0; calls < 4; calls++)
        {
            await SendAsync(host);
        }

        release.SetResult();
        await host.Services.GetRequiredService<TelemetryFlush>().RunAsync().WithTimeoutAsync();

        Assert.InRange(Exports(collector, "/v1/metrics").Count(), 2, 3);
    }

    [Theory]
    [InlineData("mismatch")]
    [InlineData("closed")]
    public async Task Deliveries_Rejected_AreExportedOnceAfterThePause(string outcome)
    {
        await using var collector = RawHttpServer.Start(Accepts);
        var time = new ObservedTime(TimeProvider.System.GetUtcNow());
        using var host = Build(alibaba: null, collector, time);
        var checks = host.Services.GetRequiredService<DeliveryChecks>();
        host.Services.GetRequiredService<ClosedSections>().Close(
            "ChatOps:Teams", ["@Microsoft.KeyVault(VaultName=contoso;SecretName=teams)"], ["Unresolved."]);

        for (var delivery = 0; delivery < 3; delivery++)
        {
            Assert.Throws<ProblemException>(() =>
            {
                checks.RequireOpen(outcome is "closed" ? "ChatOps:Teams" : "ChatOps:Slack", "Chat");
                checks.RequireValid(SignatureCheck.Mismatch, "Chat");
            });
        }

        time.Advance(TelemetryFlush.Pause - TimeSpan.FromMilliseconds(1));
        Assert.Empty(Exports(collector, "/v1/metrics"));
        time.Advance(TimeSpan.FromMilliseconds(1));
        while (!Exports(collector, "/v1/metrics").Any(body => body.Contains(outcome, StringComparison.Ordinal)))
        {
            await collector.NextAsync();
        }

        Assert.Equal(TelemetryFlush.Pause, await time.NextWaitAsync());
        // The next timer is the timeout of the export, because the other two deliveries set no timer.
        Assert.Equal(TimeSpan.FromSeconds(2), await time.NextWaitAsync());
        Assert.Throws<ProblemException>(() => checks.RequireValid(SignatureCheck.Mismatch, "Chat"));
        Assert.Equal(TelemetryFlush.Pause, await time.NextWaitAsync());
    }

    [Fact]
    public async Task Read_VaultRejects_IsExportedAfterThePause()
    {
        await using var vault = new FakeKeyVault(VaultReply.Forbidden);
        await using var collector = RawHttpServer.Start(Accepts);
        var time = new ObservedTime(TimeProvider.System.GetUtcNow());
        using var host = Build(alibaba: null, collector, time, vault);

        await Assert.ThrowsAsync<CredentialsUnavailableException>(
            () => host.Services.GetRequiredService<ICredentialSource>().GetAsync(Cancel).AsTask().WithTimeoutAsync());

        await PausesAsync(time);
    }

    [Fact]
    public async Task Health_StoreIsUnavailable_IsExportedAfterThePause()
    {
        await using var collector = RawHttpServer.Start(Accepts);
        var time = new ObservedTime(TimeProvider.System.GetUtcNow());
        // A folder with the name of the database file makes the store unavailable.
        Directory.CreateDirectory(folder.File("verifications.db"));
        using var host = Build(alibaba: null, collector, time);

        await host.Services.GetRequiredService<ServiceEndpoints>().Health(new DefaultHttpContext().Request)
            .WithTimeoutAsync();

        await PausesAsync(time);
    }

    [Fact]
    public async Task Run_NoTarget_HasNoProviders()
    {
        await using var app = await EdsApp.StartAsync();

        await app.RunReportAsync();

        Assert.Null(app.Services.GetService<OpenTelemetry.Metrics.MeterProvider>());
        Assert.Null(app.Services.GetService<OpenTelemetry.Trace.TracerProvider>());
        Assert.Null(app.Services.GetService<OpenTelemetry.Logs.LoggerProvider>());
    }

    /// <summary>The app exports all logs and traces, because alerts read them.</summary>
    [Fact]
    public void AzureMonitor_Options_SampleNothing()
    {
        var configuration = new ConfigurationManager
        {
            ["APPLICATIONINSIGHTS_CONNECTION_STRING"] = "InstrumentationKey=00000000-0000-0000-0000-000000000001",
        };
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddEdsTelemetry(configuration);
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptionsMonitor<AzureMonitorExporterOptions>>().CurrentValue;

        Assert.Null(options.TracesPerSecond);
        Assert.Equal(1, options.SamplingRatio);
        Assert.False(options.EnableTraceBasedLogsSampler);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IHost Build(
        SimulatorServer? alibaba, RawHttpServer collector, FakeTimeProvider? time = null, FakeKeyVault? vault = null)
    {
        time ??= new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var settings = AppServices.CreateSettings(alibaba?.Url);
        settings["KeyVault:Uri"] = vault?.Url.ToString();
        settings["Verifications:SqlitePath"] = folder.File("verifications.db");
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Url.ToString();
        settings["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return AppServices.Build(settings, time, services =>
        {
            services.AddSingleton(time);
            services.AddEdsTelemetry(configuration);
            if (vault is not null)
            {
                services.AddSingleton(vault.Client());
            }
        });
    }

    /// <summary>Waits until an export is scheduled. The calls before may set other timers.</summary>
    private static async Task PausesAsync(ObservedTime time)
    {
        while (await time.NextWaitAsync() != TelemetryFlush.Pause)
        {
        }
    }

    private static Task<SendVerification.Result> SendAsync(IHost host) => host.Services
        .GetRequiredService<SendVerification>()
        .RunAsync(A.Verification.Request(), key: null, Cancel).WithTimeoutAsync();

    private static IEnumerable<string> Exports(RawHttpServer collector, string path) => collector.Requests
        .Where(request => request.Line.Contains(path, StringComparison.Ordinal))
        .Select(request => request.Body);
}
