namespace EdsFunctions.Tests.Hosts;

/// <summary>DevHost as its user starts it.</summary>
public sealed class DevHostTests : IDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task It_says_where_it_listens_and_with_what_and_what_to_paste()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort]);
        var url = await host.ListeningAsync();

        var sent = await new ApiClient(new Uri(url)).SendAsync(A.Verification);

        sent.ShouldBe(201);
        Assert.Contains($"listens on   {url}", host.Output, StringComparison.Ordinal);
        Assert.Contains("Alibaba      the simulator on http://127.0.0.1:", host.Output, StringComparison.Ordinal);
        Assert.Contains("store        SQLite, ", host.Output, StringComparison.Ordinal);
        Assert.Equal(3, host.Output.Split('\n').Count(line => line.TrimStart().StartsWith("curl ", StringComparison.Ordinal)));
        Assert.True(File.Exists(folder.File(".data/verifications.db")));
        Assert.Equal(0, await host.TerminateAsync());
    }

    [Fact]
    public async Task A_schedule_of_once_a_year_is_one()
    {
        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort, "--StaleReportSchedule", "0 0 0 29 2 *"]);
        var api = new ApiClient(new Uri(await host.ListeningAsync()));

        (await api.SendAsync(A.Verification)).ShouldBe(201);

        Assert.Equal(0, await host.TerminateAsync());
        Assert.DoesNotContain("BackgroundService", host.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_simulator_gets_neither_a_real_access_key_nor_what_goes_through_a_proxy()
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
    [InlineData("Alibaba:Timeout", "soon", "the value of Alibaba:Timeout cannot be read.")]
    [InlineData("urls", "http://0.0.0.0:7071", "--urls must be loopback addresses, such as http://127.0.0.1:7071.")]
    public async Task A_bad_setting_ends_it_with_one_line(string key, string value, string line)
    {
        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

        Assert.Equal((1, $"EdsFunctions cannot start: {line}{Environment.NewLine}"), await host.ExitAsync());
    }
}
