using System.Diagnostics;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>Runs the Functions app as <c>func start</c> does, with the sample settings.</summary>
public sealed class LocalRunTests(Azurite azurite)
{
    private static readonly string Output = Path.Combine(AppPackage.Project, "bin", "output");

    [Fact]
    public async Task Start_AfterAnotherStart_KeepsTheRecordAndWritesNothingBelowTheApp()
    {
        await using var alibaba = await LoopbackSimulator.StartAsync();
        var settings = Sample();
        Assert.Equal("UseDevelopmentStorage=true", settings["Verifications__TableConnectionString"]);
        // Replace the default URLs of Azurite and the simulator in the sample settings.
        settings["Verifications__TableConnectionString"] = await azurite.ConnectionStringAsync();
        settings["Alibaba__EndpointOverride"] = alibaba.Url.ToString();
        ApiResponse recorded;
        await BuildAsync();
        using var copy = new TemporaryFolder();
        Copy(Output, copy.Path);
        await using (var first = await FunctionsHost.StartAsync(settings, copy.Path))
        {
            var api = new ApiClient(first.Url, FunctionsHost.Key);
            recorded = await api.GetAsync((await api.SendAsync(A.Verification)).ShouldBe(201).Id);
            await first.StopAsync();
        }

        Assert.Equal(Files(Output), Files(copy.Path));
        // Functions Core Tools delete the output folder, and build it again, before each start.
        await using var second = await FunctionsHost.StartAsync(settings, Output);

        // The timer of another test may have reported the verification, because the tests share the table.
        var found = (await new ApiClient(second.Url, FunctionsHost.Key).GetAsync(recorded.Id)).ShouldBe(200);
        Assert.Equal((recorded["requestId"], recorded["createdAt"]), (found["requestId"], found["createdAt"]));
        Assert.Single(alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Start_DatabaseBelowTheApp_Fails()
    {
        var settings = Sample();
        settings["Verifications__Store"] = "Sqlite";

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => FunctionsHost.StartAsync(settings));

        Assert.Contains(
            "EdsFunctions cannot start: Verifications:SqlitePath must be outside",
            failure.Message,
            StringComparison.Ordinal);
    }

    /// <summary>Azurite is often not running when a developer starts the app: Azure/Azurite#2607.</summary>
    [Fact]
    public async Task Start_TableIsUnavailable_FailsWithOneLine()
    {
        using var port = new UnusedPort();
        var settings = Sample();
        settings["Verifications__TableConnectionString"] =
            $"AccountName=devstoreaccount1;AccountKey=c2VjcmV0;TableEndpoint={port.Url}devstoreaccount1;";

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => FunctionsHost.StartAsync(settings));

        Assert.Contains(
            $"EdsFunctions cannot start: Azure Table EdsVerifications at {port.Url.Authority} is unavailable: ",
            failure.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", failure.Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, string?> Sample()
    {
        var sample = JsonSerializer.Deserialize<JsonElement>(
            File.ReadAllText(Repository.Path("local.settings.sample.json")));
        var settings = sample.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString());
        // Functions Core Tools set this variable.
        settings["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development";
        return settings;
    }

    private static string[] Files(string folder) =>
    [
        .. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path)).Order(),
    ];

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    private static async Task BuildAsync()
    {
        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }

        using var build = Process.Start(new ProcessStartInfo(
            "dotnet",
            ["build", "--no-restore", "--configuration", AppPackage.Configuration, "--output", "bin/output"])
        {
            WorkingDirectory = AppPackage.Project,
            RedirectStandardOutput = true,
        })!;
        var output = await build.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await build.WaitForExitAsync(CancellationToken.None);
        Assert.True(build.ExitCode == 0, output);
    }
}
