using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>What the queries of the alerts and of the workbook speak of.</summary>
internal static partial class Queries
{
    /// <summary>Text by file name without its ending; comments are left out.</summary>
    public static IReadOnlyDictionary<string, string> Read() =>
        Directory.EnumerateFiles(Repository.Path("infra", "queries"), "*.kql").ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => string.Join('\n', File.ReadLines(path).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))));

    public static IEnumerable<string> Metrics(string query) => Values(MetricName(), query);

    /// <summary>The properties of a row: the tags of a metric, or what the exporter says of a log record.</summary>
    public static IEnumerable<string> Properties(string query) => Values(PropertyName(), query);

    /// <summary>Which value a query expects of which property.</summary>
    public static IEnumerable<(string Property, string Value)> Expected(string query) =>
        Comparison().Matches(query).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>All that stands in quotation marks.</summary>
    public static IEnumerable<string> Literals(string query) => Values(Literal(), query);

    private static IEnumerable<string> Values(Regex pattern, string query) =>
        pattern.Matches(query).Select(match => match.Groups[1].Value).Distinct();

    [GeneratedRegex(@"'(eds\.[^']*)'")]
    private static partial Regex MetricName();

    [GeneratedRegex(@"Properties\.(\w+)")]
    private static partial Regex PropertyName();

    [GeneratedRegex(@"Properties\.(\w+)\) == '?([\w-]+)'?")]
    private static partial Regex Comparison();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Literal();
}
