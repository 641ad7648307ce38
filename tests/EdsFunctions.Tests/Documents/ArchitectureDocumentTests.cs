using System.Text.RegularExpressions;
using EdsFunctions.Tests.Architecture;

namespace EdsFunctions.Tests.Documents;

public sealed partial class ArchitectureDocumentTests
{
    private static readonly string[] Sources =
    [
        .. new[] { "src", "tests" }
            .SelectMany(folder =>
                Directory.EnumerateFiles(Repository.Path(folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => path.Replace('\\', '/')),
    ];

    [Theory]
    [InlineData("docs/architecture.md")]
    [InlineData("CONTRIBUTING.md")]
    public void SourceFile_InADocument_Exists(string name)
    {
        var files = SourceFile.Matches(MarkdownFile.Read(name).Text).Select(file => file.Groups[1].Value).ToArray();

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.True(
            Sources.Any(source => source.EndsWith($"/{file}", StringComparison.Ordinal)),
            $"{name}: {file} does not exist."));
    }

    [Fact]
    public void Layers_InTheDocument_AreThoseOfTheTest() => Assert.Equal(
        LayerTests.Layers.Select((layer, i) => $"{i + 1}. {string.Join(", ", layer.Select(folder => $"`{folder}`"))}"),
        Layer.Matches(MarkdownFile.Read("docs/architecture.md").Text).Select(layer => layer.Value));

    [GeneratedRegex(@"`([\w./]+\.cs)`")]
    private static partial Regex SourceFile { get; }

    [GeneratedRegex(@"^\d\. `\w+`(?:, `\w+`)*$", RegexOptions.Multiline)]
    private static partial Regex Layer { get; }
}
