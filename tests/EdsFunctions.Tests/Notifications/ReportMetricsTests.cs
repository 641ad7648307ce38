namespace EdsFunctions.Tests.Notifications;

public sealed class ReportMetricsTests
{
    /// <summary>
    /// The gauges exist before the first run of the timer, because the host creates them when it starts.
    /// </summary>
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
