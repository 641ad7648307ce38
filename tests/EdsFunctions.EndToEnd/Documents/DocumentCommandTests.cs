using System.Diagnostics;

namespace EdsFunctions.Tests.Documents;

/// <summary>
/// Runs the commands in the documents against DevHost, as they are written, but with other ports. Skips a block of
/// commands if the paragraph before it ends with what the block needs, such as "The commands need an Azure
/// subscription."
/// </summary>
public sealed class DocumentCommandTests : IDisposable
{
    private static readonly string[] Programs =
    [
        "base64", "cat", "curl", "cut", "date", "grep", "head", "jq", "openssl", "sed", "sleep", "tail", "tr",
        "uuidgen",
    ];

    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Documents =>
    [
        .. MarkdownFile.All
            .Where(document => document.CommandBlocks.Any(block => !block.HasNeeds))
            .Select(document => document.Name),
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task Commands_OfADocument_Succeed(string name)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "The commands are for bash.");
        var (api, simulator) = (FreeUrl(), FreeUrl());
        var blocks = MarkdownFile.Read(name).CommandBlocks.Where(block => !block.HasNeeds).Select(block => block.Text
            .Replace("http://127.0.0.1:7071", api, StringComparison.Ordinal)
            .Replace("http://127.0.0.1:7072", simulator, StringComparison.Ordinal));
        var functions = Repository.Path("tests", "EdsFunctions.EndToEnd", "Documents", "commands.sh");
        await File.WriteAllTextAsync(
            folder.File("document.sh"),
            $"source '{functions}'\n{string.Join('\n', blocks)}",
            TestContext.Current.CancellationToken);
        // Make curl fail for a status of 400 or more, which it does not by default.
        await File.WriteAllTextAsync(folder.File(".curlrc"), "fail-with-body\n", TestContext.Current.CancellationToken);

        var (exitCode, output) = await RunAsync(new()
        {
            ["API"] = api,
            ["SIMULATOR"] = simulator,
            ["APP"] = AppContext.BaseDirectory,
            ["CI"] = Repository.Path(".ci", "run"),
            ["DOTNET"] = Find("dotnet"),
            ["PATH"] = LinkPrograms(),
            ["CURL_HOME"] = folder.Path,
        });

        Assert.True(exitCode == 0, $"{name}: {output}");
    }

    private async Task<(int ExitCode, string Output)> RunAsync(Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo(Find("bash")!, ["-c", "source ./document.sh 2>&1"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var bash = Process.Start(start)!;
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(3));
        try
        {
            var output = await bash.StandardOutput.ReadToEndAsync(timeout.Token);
            await bash.WaitForExitAsync(timeout.Token);
            return (bash.ExitCode, output);
        }
        finally
        {
            if (!bash.HasExited)
            {
                bash.Kill(entireProcessTree: true);
            }
        }
    }

    private string LinkPrograms()
    {
        var bin = Directory.CreateDirectory(folder.File("bin")).FullName;
        foreach (var (program, path) in Programs.Select(program => (program, Find(program))))
        {
            if (path is not null)
            {
                File.CreateSymbolicLink(Path.Combine(bin, program), path);
            }
        }

        return bin;
    }

    private static string? Find(string program) => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Select(place => Path.Combine(place, program))
        .FirstOrDefault(File.Exists);

    private static string FreeUrl()
    {
        using var port = new UnusedPort();
        return port.Url.ToString().TrimEnd('/');
    }
}
