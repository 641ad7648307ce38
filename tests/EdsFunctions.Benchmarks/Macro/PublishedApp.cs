using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>A program of this solution as it is shipped: built in Release and compiled ahead of time for this machine.</summary>
internal static class PublishedApp
{
    /// <param name="project">Its folder in the solution, such as <c>src/EdsFunctions.DevHost</c>.</param>
    /// <param name="folder">Where it goes.</param>
    /// <returns>The path of its assembly.</returns>
    /// <exception cref="InvalidOperationException">It cannot be published; the message holds what the SDK said.</exception>
    public static async Task<string> PublishAsync(string project, string folder)
    {
        var start = new ProcessStartInfo("dotnet",
        [
            "publish", Path.Combine(SolutionFolder(AppContext.BaseDirectory), project), "--configuration", "Release",
            "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true", "--output", folder,
        ])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? Path.Combine(folder, $"{Path.GetFileName(project)}.dll")
            : throw new InvalidOperationException($"{project} cannot be published for {RuntimeInformation.RuntimeIdentifier}:\n{output}");
    }

    private static string SolutionFolder(string folder) =>
        File.Exists(Path.Combine(folder, "EdsFunctions.sln"))
            ? folder
            : SolutionFolder(
                Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Only a build inside of the solution can publish."));
}
