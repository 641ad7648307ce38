namespace EdsFunctions.Tests.Notifications;

public sealed class ReportMetricsTests
{
    /// <summary>In the Functions app, nothing else creates the metrics before the first run.</summary>
    [Fact]
    public async Task Start_BeforeFirstRun_GaugesExist()
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection([new("KeyVault:Uri", "https://contoso.vault.azure.net")]);
        builder.Services.AddEdsFunctions();
        using var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var metrics = new CapturedMetrics(host.Services);

        Assert.Equal(0, metrics.Gauge("eds.verifications.stale"));
    }
}
