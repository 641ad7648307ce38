using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Architecture;

/// <summary>
/// Type names are unique in the solution. Reads the source files, because no test project references every assembly.
/// </summary>
public sealed partial class TypeNameTests
{
    [Fact]
    public void Types_Solution_HaveUniqueNames()
    {
        var types = new[] { "src", "tests" }
            .Select(folder => Repository.Path(folder))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar))
            .Where(parts => !parts.Contains("obj") && !parts.Contains("bin"))
            .SelectMany(parts => Declarations(File.ReadAllText(Repository.Path(parts)), project: parts[1]))
            // Count the parts of a partial type once.
            .Distinct()
            .ToArray();

        Assert.InRange(types.Length, 400, int.MaxValue);
        Assert.Empty(types.GroupBy(type => type.Name).Where(same => same.Count() > 1).SelectMany(same => same));
    }

    private static IEnumerable<(string Name, string Namespace, string Project)> Declarations(
        string source, string project) => TopLevelType.Matches(source)
        .Select(type => (type.Groups[1].Value, Namespace.Match(source).Groups[1].Value, project));

    /// <summary>
    /// Matches the declaration of a type that is not nested. Namespaces are file-scoped, so only nested types are
    /// indented.
    /// </summary>
    [GeneratedRegex(
        @"^(?:(?:public|internal|file|static|sealed|abstract|readonly|ref|partial) )*"
        + @"(?:class|record struct|record|struct|enum|interface|delegate \S+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TopLevelType { get; }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace { get; }
}
