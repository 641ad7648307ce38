namespace EdsFunctions.Tests.Infra;

/// <summary>The compiler and its linter have nothing to say of what is in <c>infra/</c>.</summary>
public sealed class CompilationTests
{
    [Fact]
    public async Task Everything_compiles_and_is_linted_without_a_word()
    {
        Assert.Equal((0, ""), await SaidOfAsync("build", BicepCompiler.Main, "--stdout"));
        Assert.Equal((0, ""), await SaidOfAsync("lint", "--pattern", Repository.Path("infra", "**", "*.bicep")));
    }

    [Fact]
    public async Task The_sample_of_parameters_fits() =>
        Assert.Equal((0, ""), await SaidOfAsync("build-params", Repository.Path("infra", "main.bicepparam"), "--stdout"));

    [Fact]
    public async Task The_linter_is_not_deaf()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Repository.Path("infra", "bicepconfig.json"), folder.File("bicepconfig.json"));
        await File.WriteAllTextAsync(folder.File("main.bicep"), "param unused string", TestContext.Current.CancellationToken);

        var (exitCode, errors) = await SaidOfAsync("lint", folder.File("main.bicep"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("Error no-unused-params", errors, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Errors)> SaidOfAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await BicepCompiler.RunAsync(arguments);
        return (exitCode, errors);
    }
}
