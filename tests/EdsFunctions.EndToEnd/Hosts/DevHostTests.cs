using System.Net.Sockets;

namespace EdsFunctions.Tests.Hosts;

/// <summary>Tests DevHost as a process: its output, its exit code, and how it starts and stops.</summary>
public sealed class DevHostTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Start_WithDefaults_WritesItsConfigurationAndExampleCommands()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort]);
        var url = await host.ListeningAsync();

        var sent = await new ApiClient(new Uri(url)).SendAsync(A.Verification);

        sent.ShouldBe(201);
        Assert.Contains($"listens on   {url}", host.Output, StringComparison.Ordinal);
        Assert.Contains("Alibaba      the simulator on http://127.0.0.1:", host.Output, StringComparison.Ordinal);
        Assert.Contains("store        SQLite, ", host.Output, StringComparison.Ordinal);
        var lines = host.Output.Split('\n');
        Assert.Equal(3, lines.Count(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal)));
        Assert.True(File.Exists(folder.File(".data/verifications.db")));
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public async Task Start_ScheduleOfOnceInFourYears_Runs()
    {
        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort, "--StaleReportSchedule", "0 0 0 29 2 *"]);
        var api = new ApiClient(new Uri(await host.ListeningAsync()));

        (await api.SendAsync(A.Verification)).ShouldBe(201);

        Assert.Equal(0, await host.TerminateAsync());
        Assert.DoesNotContain("BackgroundService", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_EnvironmentHasAccessKeyAndProxy_UsesNeitherForTheSimulator()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort], new()
        {
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
            ["http_proxy"] = "http://127.0.0.1:9",
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAIreal",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "realsecret",
        });

        (await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification)).ShouldBe(201);
    }

    [Theory]
    [InlineData("Verifications:MaxSendsPerOwnerPerHour", "many",
        "the value of Verifications:MaxSendsPerOwnerPerHour has the wrong format.")]
    [InlineData("StaleReportSchedule", "\"0 */15 * * * *\"",
        "StaleReportSchedule is in quotation marks, which count as part of the value: remove them.")]
    [InlineData("urls", "http://0.0.0.0:7071", "--urls must be loopback addresses, such as http://127.0.0.1:7071.")]
    public async Task Start_InvalidSetting_ExitsWithOneLine(string key, string value, string line)
    {
        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

        Assert.Equal((1, $"EdsFunctions cannot start: {line}{Environment.NewLine}"), await host.ExitAsync());
        Assert.Equal("", host.Output);
    }

    [Fact]
    public async Task Start_PortInUse_ExitsWithOneLine()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", $"http://{listener.LocalEndpoint}", "--Simulator:Url", AnyPort]);

        var (exitCode, error) = await host.ExitAsync();
        Assert.Equal(1, exitCode);
        Assert.StartsWith(
            $"EdsFunctions cannot start: --urls: cannot listen on {listener.LocalEndpoint}: ",
            error,
            StringComparison.Ordinal);
        Assert.EndsWith($"for any.{Environment.NewLine}", error, StringComparison.Ordinal);
        Assert.Equal("", host.Output);
    }
}
