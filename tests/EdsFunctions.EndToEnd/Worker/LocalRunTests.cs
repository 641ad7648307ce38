using System.Reflection;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>The Functions app as <c>func start</c> runs it, with the sample settings.</summary>
public sealed class LocalRunTests(Azurite azurite)
{
    /// <summary>The configuration of this build, such as Debug.</summary>
    private static readonly string Configuration =
        typeof(LocalRunTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static readonly string Output = Path.Combine(AppPackage.Project, "bin", "output");

    [Fact]
    public async Task Start_AfterRebuild_KeepsRecordsAndWritesNothingToTheAppFolder()
    {
        await using var alibaba = await SimulatorServer.StartAsync(
            new SimulatorOptions(),
            "http://127.0.0.1:0",
            TextWriter.Null,
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        var settings = Sample();
        Assert.Equal("UseDevelopmentStorage=true", settings["Verifications__TableConnectionString"]);
        // The sample has the default URLs of Azurite and the simulator.
        settings["Verifications__TableConnectionString"] = await azurite.ConnectionStringAsync();
        settings["Alibaba__EndpointOverride"] = alibaba.Url.ToString();
        ApiResponse recorded;
        await BuildAsync();
        var built = Files();
        await using (var first = await FunctionsHost.StartAsync(settings, Output))
        {
            var api = new ApiClient(first.Url, FunctionsHost.Key);
            recorded = await api.GetAsync((await api.SendAsync(A.Verification)).ShouldBe(201).Id);
            await first.StopAsync();
        }

        Assert.Equal(built, Files());
        await BuildAsync();
        await using var second = await FunctionsHost.StartAsync(settings, Output);

        // The timer of another test may have reported it: the tests share the table.
        var found = (await new ApiClient(second.Url, FunctionsHost.Key).GetAsync(recorded.Id)).ShouldBe(200);
        Assert.Equal((recorded["requestId"], recorded["createdAt"]), (found["requestId"], found["createdAt"]));
        Assert.Single(alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Start_DatabaseInTheAppFolder_IsRejected()
    {
        var settings = Sample();
        settings["Verifications__Store"] = "Sqlite";

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => FunctionsHost.StartAsync(settings));

        Assert.Contains(
            "EdsFunctions cannot start: Verifications:SqlitePath", error.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Sample()
    {
        var sample = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Repository.Path("local.settings.sample.json")));
        var settings = sample.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString());
        // Set by Core Tools.
        settings["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development";
        return settings;
    }

    private static string[] Files() =>
        [.. Directory.EnumerateFileSystemEntries(Output, "*", SearchOption.AllDirectories).Order()];

    /// <summary>Deletes and rebuilds the output, as Core Tools do before each start.</summary>
    private static async Task BuildAsync()
    {
        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        await AppPackage.DotnetAsync("build", "--configuration", Configuration, "--output", "bin/output");
    }
}
