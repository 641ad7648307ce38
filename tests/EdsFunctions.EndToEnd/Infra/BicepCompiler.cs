using System.Diagnostics;
using System.Reflection;
using EdsFunctions.Tests.Infra;

[assembly: AssemblyFixture(typeof(BicepCompiler))]

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// The Bicep compiler from NuGet, for Linux on x64. Elsewhere the tests are skipped, or fail on CI. Compilations take
/// seconds, so tests share the results.
/// </summary>
public sealed class BicepCompiler
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Tenant = "00000000-0000-0000-0000-000000000002";

    private static readonly string? Executable = Assembly.GetExecutingAssembly()
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .SingleOrDefault(metadata => metadata.Key == "BicepPath")?.Value;

    private readonly Lazy<Task<JsonElement>> template = new(CompileAsync);
    private readonly Lazy<Task<Snapshot>> defaults = new(() => PredictAsync("defaults"));
    private readonly Lazy<Task<Snapshot>> everything = new(() => PredictAsync("everything"));

    /// <summary>The template of <c>main.bicep</c>. It and its modules compile without a warning.</summary>
    internal Task<JsonElement> TemplateAsync() => template.Value;

    /// <summary>The resources of a deployment with every parameter at its default.</summary>
    internal Task<Snapshot> DefaultsAsync() => defaults.Value;

    /// <summary>The resources of a deployment with no parameter at its default.</summary>
    internal Task<Snapshot> EverythingAsync() => everything.Value;

    /// <returns>The errors of the compiler for invalid parameters.</returns>
    internal static async Task<string> GetErrorsAsync(string parameters)
    {
        using var folder = new TemporaryFolder();
        var (exitCode, _, errors) = await RunAsync("build-params", CopyParameters(parameters, folder), "--stdout");
        Assert.NotEqual(0, exitCode);
        return errors;
    }

    internal static string ParametersPath(string name) =>
        Repository.Path("tests", "EdsFunctions.EndToEnd", "Infra", "Parameters", $"{name}.bicepparam");

    private static async Task<JsonElement> CompileAsync() =>
        JsonElement.Parse(await SucceedAsync("build", Repository.Path("infra", "main.bicep"), "--stdout"));

    private static async Task<Snapshot> PredictAsync(string parameters)
    {
        using var folder = new TemporaryFolder();
        await SucceedAsync(
            "snapshot", CopyParameters(parameters, folder), "--mode", "overwrite",
            "--subscription-id", Subscription, "--tenant-id", Tenant, "--location", "southeastasia");
        return Snapshot.Parse(await File.ReadAllTextAsync(folder.File($"{parameters}.snapshot.json")));
    }

    /// <summary>A snapshot is written next to its parameters, so these are copied out of the repository.</summary>
    private static string CopyParameters(string name, TemporaryFolder folder)
    {
        var main = Path.GetRelativePath(folder.Path, Repository.Path("infra", "main.bicep")).Replace('\\', '/');
        var copy = folder.File($"{name}.bicepparam");
        File.Copy(Repository.Path("infra", "bicepconfig.json"), folder.File("bicepconfig.json"));
        File.WriteAllLines(copy, File.ReadLines(ParametersPath(name)).Skip(1).Prepend($"using '{main}'"));
        return copy;
    }

    private static async Task<string> SucceedAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await RunAsync(arguments);
        // A warning leaves the exit code at 0.
        Assert.True(exitCode == 0 && errors is "", errors);
        return output;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        if (Executable is null)
        {
            const string Reason = "The Bicep compiler is restored for Linux on x64 only.";
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", Reason);
            Assert.Fail(Reason);
        }

        MakeExecutable(Executable);
        using var bicep = Process.Start(new ProcessStartInfo(Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // Not cancelled with the first test: others share the result.
        var errors = bicep.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await bicep.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await bicep.WaitForExitAsync(CancellationToken.None);
        return (bicep.ExitCode, output, await errors);
    }

    /// <summary>NuGet does not preserve the permission to execute.</summary>
    private static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }
}
