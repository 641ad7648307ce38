using System.Diagnostics;
using System.Reflection;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// The published Functions app: the folder in <c>EDS_PACKAGE</c>, or else the app that was built with the tests, which
/// the first test publishes.
/// </summary>
internal static class AppPackage
{
    private static readonly Lazy<Task<string>> Folder = new(async () =>
    {
        if (Environment.GetEnvironmentVariable("EDS_PACKAGE") is { Length: > 0 } package)
        {
            return package;
        }

        var folder = Path.Combine(AppContext.BaseDirectory, "package");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        await DotnetAsync("publish", "--no-build", "--output", folder);
        return folder;
    });

    /// <summary>The configuration of this build, such as Debug.</summary>
    private static readonly string Configuration =
        typeof(AppPackage).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    public static string Project { get; } = Repository.Path("src", "EdsFunctions");

    public static Task<string> FolderAsync() => Folder.Value;

    /// <summary>Runs a command of the .NET SDK for the project, without a restore.</summary>
    public static async Task DotnetAsync(string command, params string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet", [command, "--no-restore", "--configuration", Configuration, .. arguments])
        {
            WorkingDirectory = Project,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, output);
    }
}
