using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Documents;

public sealed partial class ReliabilityDocumentTests
{
    private static readonly string Document = MarkdownFile.Read("docs/reliability.md").Text;

    private static readonly ILookup<string, Type> Types =
        new[] { typeof(ReliabilityDocumentTests), typeof(MarkdownFile) }
            .SelectMany(type => type.Assembly.GetTypes())
            .ToLookup(type => type.Name);

    [Fact]
    public void Test_InTheTable_Exists()
    {
        var tests = (
            from listed in Group.Matches(Document)
            from type in Name.Matches(listed.Groups["types"].Value)
            from method in Name.Matches(listed.Groups["methods"].Value)
            select (Type: type.Groups[1].Value, Method: method.Groups[1].Value)).ToArray();

        Assert.InRange(tests.Length, 100, int.MaxValue);
        Assert.All(
            tests,
            test => Assert.True(Types[test.Type].Any(type => type.GetMethod(test.Method) is not null), $"{test}"));
    }

    [Fact]
    public void TestClass_InTheDocument_Exists() => Assert.All(
        Name.Matches(Document)
            .Select(name => name.Groups[1].Value)
            .Where(name => name.EndsWith("Tests", StringComparison.Ordinal)),
        name => Assert.True(Types.Contains(name), name));

    /// <summary>
    /// Matches a list of tests in the document, followed by their classes: `A`, `B` (`SqliteTests`, `TableTests`).
    /// </summary>
    [GeneratedRegex(@"(?<methods>`\w+`(?:, `\w+`)*) \((?<types>`\w+Tests`(?:, `\w+Tests`)*)\)")]
    private static partial Regex Group { get; }

    [GeneratedRegex(@"`(\w+)`")]
    private static partial Regex Name { get; }
}
