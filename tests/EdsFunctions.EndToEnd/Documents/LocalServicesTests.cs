using System.Diagnostics;

namespace EdsFunctions.Tests.Documents;

/// <summary>
/// Runs the command in docs/local-development.md that starts Azurite and the simulator for a local Functions app.
/// </summary>
public sealed class LocalServicesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Command_OfTheDocument_StartsAzuriteAndTheSimulatorUntilItIsInterrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "The command is for bash.");
        var cancel = TestContext.Current.CancellationToken;
        string[] azurite = [FreeUrl(), FreeUrl(), FreeUrl()];
        var simulator = FreeUrl();
        var command = Assert.Single(
                MarkdownFile.Read("docs/local-development.md").CommandBlocks,
                block => block.Text.Contains("concurrently", StringComparison.Ordinal)).Text.Trim()
            .Replace("npx ", "npx --yes ", StringComparison.Ordinal)
            .Replace(
                "--location .azurite",
                $"--location {folder.Path} --blobPort {Port(azurite[0])} --queuePort {Port(azurite[1])} "
                + $"--tablePort {Port(azurite[2])}",
                StringComparison.Ordinal)
            .Replace(
                "dotnet run --project src/EdsFunctions.EcdSimulator",
                $"dotnet {Path.Combine(AppContext.BaseDirectory, "EdsFunctions.EcdSimulator.dll")} --urls {simulator}",
                StringComparison.Ordinal);
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", $"set -m\n{command} &\necho $!\nwait"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var group = await bash.StandardOutput.ReadLineAsync(cancel);
            List<string> expected =
            [
                "[azurite] Azurite Blob service is successfully listening",
                "[azurite] Azurite Queue service is successfully listening",
                "[azurite] Azurite Table service is successfully listening",
                "[simulator] Listening on",
            ];
            while (expected.Count > 0)
            {
                var line = await bash.StandardOutput.ReadLineAsync(cancel)
                    ?? throw new InvalidOperationException(await bash.StandardError.ReadToEndAsync(cancel));
                expected.RemoveAll(text => line.StartsWith(text, StringComparison.Ordinal));
            }

            // Send the signal to the whole group of processes, as a terminal does for Ctrl+C.
            using var interrupt = Process.Start("kill", ["-INT", "--", $"-{group}"]);
            await interrupt.WaitForExitAsync(cancel);
            // The output ends when Azurite and the simulator have both stopped.
            await bash.StandardOutput.ReadToEndAsync(cancel);
            await bash.WaitForExitAsync(cancel);
        }
        finally
        {
            bash.Kill(entireProcessTree: true);
        }
    }

    private static int Port(string url) => new Uri(url).Port;

    private static string FreeUrl()
    {
        using var port = new UnusedPort();
        return port.Url.ToString().TrimEnd('/');
    }
}
