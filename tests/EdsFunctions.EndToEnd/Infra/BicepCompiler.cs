using System.Diagnostics;
using System.Reflection;
using EdsFunctions.Tests.Infra;

[assembly: AssemblyFixture(typeof(BicepCompiler))]

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// Runs the Bicep compiler from NuGet, which exists for Linux on x64. On other machines, the tests that need it are
/// skipped, or fail on CI. A compilation takes seconds, so the tests share the results.
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

    /// <summary>
    /// The compiled template of <c>main.bicep</c>. Checks that the template and its modules compile without a warning.
    /// </summary>
    internal Task<JsonElement> TemplateAsync() => template.Value;

    /// <summary>The resources that a deployment creates if every parameter has its default.</summary>
    internal Task<Snapshot> DefaultsAsync() => defaults.Value;

    /// <summary>The resources that a deployment creates if no parameter has its default.</summary>
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

    /// <summary>
    /// Copies a file of parameters out of the repository, because the compiler writes the snapshot next to this file.
    /// </summary>
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
        // Check the output too, because the exit code is 0 if the compiler only warns.
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
        // Do not cancel with the first test, because other tests share the result.
        var errors = bicep.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = await bicep.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await bicep.WaitForExitAsync(CancellationToken.None);
        return (bicep.ExitCode, output, await errors);
    }

    /// <summary>
    /// Makes the compiler executable, because NuGet does not preserve the permission to execute a file.
    /// </summary>
    private static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.UserExecute);
        }
    }
}
