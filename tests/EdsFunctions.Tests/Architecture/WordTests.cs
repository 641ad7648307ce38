using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Architecture;

/// <summary>Checks in the source files that names and texts use the usual terms, and that lines are short.</summary>
public sealed partial class WordTests
{
    private const int MaxLineLength = 120;

    private static readonly (string Path, string Source)[] Files =
    [
        .. new[] { "src", "tests" }
            .SelectMany(root => Directory.EnumerateFiles(Repository.Path(root), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(path => path.Split('/') is var parts && !parts.Contains("obj") && !parts.Contains("bin"))
            .Select(path => (path, File.ReadAllText(Repository.Path(path)))),
    ];

    [Fact]
    public void Names_SrcAndTests_ContainNoReplacedWords()
    {
        Assert.NotEmpty(Files);
        AssertNone(file => Name.Matches(CommentOrString.Replace(file.Source, " "))
            .Select(name => name.Value)
            .Where(name => ReplacedWord.IsMatch(name)));
    }

    [Fact]
    public void StaticMethods_SrcAndTests_AreNotNamedOfOrIn() => AssertNone(file =>
        StaticOf.Matches(CommentOrString.Replace(file.Source, " ")).Select(method => method.Groups[1].Value));

    [Fact]
    public void Texts_Src_ContainNoReplacedPhrases() => AssertNone(file => CommentOrString.Matches(file.Source)
        .Select(text => text.Value)
        .Where(text => file.Path.StartsWith("src/", StringComparison.Ordinal)
            && ReplacedPhrase.IsMatch(text) && !StoredName.IsMatch(text)));

    [Fact]
    public void Lines_SrcAndTests_HaveAtMost120Columns() => AssertNone(file =>
        file.Source.Split('\n').Where(line => line.Length > MaxLineLength));

    private static void AssertNone(Func<(string Path, string Source), IEnumerable<string>> find)
    {
        var found = Files.SelectMany(file => find(file).Select(text => $"{file.Path}: {text}")).Distinct().ToArray();

        Assert.True(found.Length == 0, string.Join('\n', found));
    }

    [GeneratedRegex(
        """"
        """+[\s\S]*?"""+|@"(?:[^"]|"")*"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])'|//[^\n]*|/\*[\s\S]*?\*/
        """")]
    private static partial Regex CommentOrString { get; }

    [GeneratedRegex(@"\b[A-Za-z]\w*")]
    private static partial Regex Name { get; }

    /// <summary>Matches words to avoid in names, which are written in camel case.</summary>
    [GeneratedRegex(
        "(?:^|_|(?<=[a-z0-9])(?=[A-Z]))(?i:answer(s|ed|ing)?|settle[ds]?|orphan(s|ed)?|tid(y|ies|ied)|newcomers?"
        + "|standins?|patience|weather|mend(s|ed)?|complaints?|swept|whoever|nobody|somebody|said|told|tells?|hears?)"
        + "(?=_|[A-Z0-9]|$)"
        + "|DueList|ReportMark|StillAtIt|GiveUp|GaveUp|GivenUp|StandIn|LostRace|DeafPort|ChatDesk|ChatRoom")]
    private static partial Regex ReplacedWord { get; }

    [GeneratedRegex(@"\bstatic\b[^=;{}()]*\s(Of|Of[A-Z]\w*|In)\(")]
    private static partial Regex StaticOf { get; }

    [GeneratedRegex(
        @"\b(answer(s|ed)?|settle[ds]?|orphan(s|ed)?|tidy|tidies|newcomers?|stand-ins?|complaints?|whoever|nobody"
        + @"|somebody|waits? too long|given up for lost|(is|was) away|said again|to be said|sees to it|must be a text"
        + @"|anew|takes no more requests|signed as it has to be|did not take|lost race|due list|report mark"
        + @"|mend(s|ed)?)\b",
        RegexOptions.IgnoreCase)]
    internal static partial Regex ReplacedPhrase { get; }

    /// <summary>
    /// Matches names that stores contain, so that they must not change: a property of the table, and SQL with a column.
    /// </summary>
    [GeneratedRegex("^\"Answer\"$|idempotency_keys")]
    private static partial Regex StoredName { get; }
}
