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
    public async Task What_it_was_told_is_there_after_a_restart()
    {
        string[] arguments = ["--urls", AnyPort, "--Simulator:Url", AnyPort];
        ApiResponse sent;
        await using (var first = DevHostProcess.Start(folder.Path, arguments))
        {
            sent = await new ApiClient(new Uri(await first.ListeningAsync())).SendAsync(A.Verification);
            await first.TerminateAsync();
        }

        await using var second = DevHostProcess.Start(folder.Path, arguments);

        var found = await new ApiClient(new Uri(await second.ListeningAsync())).GetAsync(sent.Id);
        Assert.Equal(sent.Text, found.Text);
    }

    [Fact]
    public async Task It_talks_to_another_endpoint_with_other_keys_when_the_environment_says_so()
    {
        var options = new SimulatorOptions { AccessKeyId = "STS.other", AccessKeySecret = "othersecret", SecurityToken = "othertoken" };
        await using var alibaba = await SimulatorServer.StartAsync(
            options, AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var host = DevHostProcess.Start(folder.Path, [], new()
        {
            ["URLS"] = AnyPort,
            ["Alibaba__EndpointOverride"] = alibaba.Url.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "STS.other",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "othersecret",
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = "othertoken",
            ["Verifications__SqlitePath"] = folder.File("elsewhere.db"),
        });

        var sent = await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification);

        sent.ShouldBe(201);
        Assert.Single(alibaba.Outbox.Messages);
        Assert.DoesNotContain("the simulator on", host.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("elsewhere.db")));
    }

    [Fact]
    public async Task A_key_of_a_real_account_in_the_environment_is_not_shown_to_the_simulator()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort], new()
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAIreal",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "realsecret",
        });

        (await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification)).ShouldBe(201);
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
    public async Task A_proxy_of_the_system_does_not_see_what_goes_to_an_endpoint_of_our_own()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort], new()
        {
            ["HTTP_PROXY"] = "http://127.0.0.1:9",
            ["http_proxy"] = "http://127.0.0.1:9",
        });

        (await new ApiClient(new Uri(await host.ListeningAsync())).SendAsync(A.Verification)).ShouldBe(201);
    }

    [Fact]
    public async Task It_reports_on_its_schedule()
    {
        await using var host = DevHostProcess.Start(
            folder.Path,
            [
                "--urls", AnyPort, "--Simulator:Url", AnyPort,
                "--StaleReportSchedule", "* * * * * *", "--StaleReport:Threshold", "00:00:00",
            ]);
        var api = new ApiClient(new Uri(await host.ListeningAsync()));
        var sent = await api.SendAsync(A.Verification);

        // The report marks what it has said.
        ApiResponse found;
        do
        {
            found = await api.GetAsync(sent.Id);
        }
        while (found["reportCount"] == "0");

        await host.SaidAsync("Verifications that wait too long: 1, ");
    }

    [Theory]
    [InlineData("Alibaba:Timeout", "soon", "Alibaba:Timeout")]
    [InlineData("Alibaba:Timeout", "00:00:00", "Timeout")]
    [InlineData("Alibaba:EndpointOverride", "ftp://127.0.0.1", "Alibaba:EndpointOverride")]
    [InlineData("Alibaba:EndpointOverride", "http://127.0.0.1/path", "Alibaba:EndpointOverride")]
    [InlineData("StaleReportSchedule", "every minute", "StaleReportSchedule")]
    [InlineData("StaleReportSchedule", "*/15 * * * *", "StaleReportSchedule")]
    [InlineData("StaleReportSchedule", "@hourly", "StaleReportSchedule")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:0", "Kestrel:Endpoints")]
    [InlineData("StaleReport:RepeatAfter", "00:00:00", "RepeatAfter")]
    [InlineData("Verifications:ExpireAfter", "00:00:00", "ExpireAfter")]
    [InlineData("Verifications:Store", "Oracle", "Verifications:Store")]
    [InlineData("Verifications:SqlitePath", "/proc/none/verifications.db", "/proc/none")]
    [InlineData("Verifications:SqlitePath", ".", "unable to open database file")]
    [InlineData("KeyVault:Uri", "http://contoso.vault.azure.net", "KeyVault:Uri")]
    [InlineData("urls", "http://0.0.0.0:7071", "--urls")]
    [InlineData("Simulator:AccessKeySecret", "", "Simulator:AccessKeySecret")]
    public async Task A_bad_setting_is_one_clear_line(string key, string value, string named)
    {
        await using var host = DevHostProcess.Start(
            folder.Path, ["--urls", AnyPort, "--Simulator:Url", AnyPort, $"--{key}", value]);

        var (exitCode, error) = await host.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.StartsWith("EdsFunctions cannot start: ", error, StringComparison.Ordinal);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Theory]
    [InlineData("Production", "KeyVault:Uri")]
    [InlineData("Development", "ALIBABA_CLOUD_ACCESS_KEY_ID")]
    public async Task Without_credentials_it_says_what_to_set(string environment, string named)
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = environment,
            ["Alibaba__EndpointOverride"] = "http://127.0.0.1:9",
        });

        var (exitCode, error) = await host.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Outside_of_Development_the_endpoint_must_be_on_this_machine()
    {
        await using var host = DevHostProcess.Start(folder.Path, ["--urls", AnyPort], new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["KeyVault__Uri"] = "https://contoso.vault.azure.net",
            ["Alibaba__EndpointOverride"] = "https://example.com",
        });

        var (exitCode, error) = await host.ExitAsync();

        Assert.Equal(1, exitCode);
        Assert.Contains("Alibaba:EndpointOverride must be a loopback address", error, StringComparison.Ordinal);
    }
}
