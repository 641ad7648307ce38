using System.Text.RegularExpressions;
using EdsFunctions.Tests.Infrastructure;

namespace EdsFunctions.Tests.Hosts;

/// <summary>What a plain build takes in, and what a release build.</summary>
public sealed partial class SolutionTests
{
    private const string FunctionsApp = "src/EdsFunctions/EdsFunctions.csproj";

    private static readonly string Solution = File.ReadAllText(Repository.Path("EdsFunctions.sln"));

    /// <summary>Id by path, with slashes.</summary>
    private static readonly Dictionary<string, string> Projects = ProjectLine.Matches(Solution)
        .ToDictionary(match => match.Groups["path"].Value.Replace('\\', '/'), match => match.Groups["id"].Value);

    public static TheoryData<string> OtherProjects => [.. Projects.Keys.Where(path => path != FunctionsApp)];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var found = new[] { "src", "tests" }
            .SelectMany(folder => Directory.EnumerateDirectories(Repository.Path(folder)))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));

        Assert.Equal(found.Order(), Projects.Keys.Order());
    }

    [Fact]
    public void The_functions_app_is_built_in_release_and_left_out_of_debug()
    {
        Assert.True(Has(FunctionsApp, "Release|Any CPU.ActiveCfg = Release|Any CPU"));
        Assert.True(Has(FunctionsApp, "Release|Any CPU.Build.0 = Release|Any CPU"));
        Assert.True(Has(FunctionsApp, "Debug|Any CPU.ActiveCfg = Debug|Any CPU"));
        Assert.False(Has(FunctionsApp, "Debug|Any CPU.Build.0"));
    }

    [Theory]
    [MemberData(nameof(OtherProjects))]
    public void Every_other_project_is_built_in_both(string project)
    {
        Assert.True(Has(project, "Release|Any CPU.ActiveCfg = Release|Any CPU"));
        Assert.True(Has(project, "Release|Any CPU.Build.0 = Release|Any CPU"));
        Assert.True(Has(project, "Debug|Any CPU.ActiveCfg = Debug|Any CPU"));
        Assert.True(Has(project, "Debug|Any CPU.Build.0 = Debug|Any CPU"));
    }

    private static bool Has(string project, string setting) =>
        Solution.Contains($"{Projects[project]}.{setting}", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("""^Project\("[^"]*"\) = "[^"]*", "(?<path>[^"]*\.csproj)", "(?<id>[^"]*)"\s*$""", RegexOptions.Multiline)]
    private static partial Regex ProjectLine { get; }
}
