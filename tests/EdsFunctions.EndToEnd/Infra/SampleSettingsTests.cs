using EdsFunctions.Tests.Hosts;

namespace EdsFunctions.Tests.Infra;

public sealed class SampleSettingsTests
{
    [Fact]
    public async Task The_sample_settings_start_the_app()
    {
        using var sample = JsonDocument.Parse(
            await File.ReadAllTextAsync(Repository.Path("local.settings.sample.json"), TestContext.Current.CancellationToken));
        var settings = sample.RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!);
        using var folder = new TemporaryFolder();

        await using var host = DevHostProcess.Start(folder.Path, ["--urls", "http://127.0.0.1:0"], settings);
        var health = await new ApiClient(new Uri(await host.ListeningAsync())).GetAsync("health");

        health.ShouldBe(200);
        Assert.Contains(settings["Alibaba__EndpointOverride"], host.Output, StringComparison.Ordinal);
        Assert.Contains(settings["StaleReportSchedule"], host.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File(settings["Verifications__SqlitePath"])));
    }
}
