using System.Reflection;

namespace EdsFunctions.Tests.Infra;

/// <summary>The queries name nothing that the app does not say, so that a renamed metric or event does not silence an alert.</summary>
public sealed class QueryNamesTests
{
    /// <summary>In neither an alert nor the workbook, on purpose: each is there to be looked at when one of them asks a question.</summary>
    private static readonly string[] NotWatched =
    [
        "eds.ecd.call.duration", "eds.vault.reads", "eds.verifications.closed", "eds.verifications.due", "eds.verifications.oldest_wait", "eds.report.runs",
        "eds.report.items", "eds.report.deliveries",
    ];

    private static readonly IReadOnlyDictionary<string, string> All = Queries.Read();
    private static readonly IReadOnlyList<Measured> Emitted = EmittedMetrics.Measure();

    private static readonly Dictionary<int, string> Events = typeof(EdsMetrics).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Select(method => (method.Name, Message: method.GetCustomAttribute<LoggerMessageAttribute>()))
        .Where(logged => logged.Message is not null)
        .ToDictionary(logged => logged.Message!.EventId, logged => logged.Message!.EventName ?? logged.Name);

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_names_metrics_that_the_app_measures(string query)
    {
        var measured = Emitted.Select(one => one.Instrument).ToHashSet();

        Assert.All(Queries.Metrics(All[query]), metric => Assert.Contains(metric, measured));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_expects_tags_and_values_that_its_metrics_have(string query)
    {
        var metrics = Queries.Metrics(All[query]).ToHashSet();
        var measured = Emitted.Where(one => metrics.Contains(one.Instrument)).ToList();

        Assert.All(
            Queries.Properties(All[query]).Except(["EventId", "EventName"]),
            tag => Assert.Contains(measured, one => one.Tags.ContainsKey(tag)));
        Assert.All(
            Queries.Expected(All[query]).Where(expected => expected.Property is not ("EventId" or "EventName")),
            expected => Assert.Contains(measured, one => one.Tags.GetValueOrDefault(expected.Property) == expected.Value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_query_names_events_that_the_app_logs(string query)
    {
        var expected = Queries.Expected(All[query]).ToList();
        var ids = expected.Where(one => one.Property == "EventId").Select(one => int.Parse(one.Value, CultureInfo.InvariantCulture));
        var names = expected.Where(one => one.Property == "EventName").Select(one => one.Value);

        Assert.Equal(names, ids.Select(id => Events.GetValueOrDefault(id, $"no event {id}")));
    }

    [Fact]
    public void Each_metric_is_in_a_query_or_left_out_on_purpose()
    {
        var watched = All.Values.SelectMany(Queries.Metrics).ToHashSet();

        Assert.Equal(
            Emitted.Select(one => one.Instrument).Distinct().Order(),
            watched.Concat(NotWatched).Order());
    }

    [Fact]
    public void The_alert_on_refusals_names_the_codes_that_the_app_takes_for_such()
    {
        string[] other = ["eds.ecd.calls", "rejected", "VaultReadFailed", "the vault"];
        var codes = Queries.Literals(All["alert-refused"]).Except(other).ToList();

        Assert.All(codes, code => Assert.Contains(
            new EcdError(code, 400).Kind, new[] { EcdErrorKind.Credentials, EcdErrorKind.Permission, EcdErrorKind.Clock }));
        Assert.Equal(
            new[] { EcdErrorKind.Credentials, EcdErrorKind.Permission, EcdErrorKind.Clock },
            codes.Select(code => new EcdError(code, 400).Kind).Distinct().Order());
    }

    [Theory]
    [InlineData("alert-stale", "eds-stale-verification")]
    [InlineData("alert-report-missing", "eds-report-missing")]
    [InlineData("alert-refused", "eds-refused")]
    [InlineData("alert-unknown", "eds-unknown-outcome")]
    public void There_is_an_alert_and_it_reads_the_query(string query, string alert)
    {
        var rules = File.ReadAllText(Repository.Path("infra", "modules", "alerts.bicep")).Split("    name: '");

        var rule = Assert.Single(rules, rule => rule.StartsWith($"{alert}'", StringComparison.Ordinal));

        Assert.Contains($"loadTextContent('../queries/{query}.kql')", rule, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_query_is_that_of_an_alert_or_of_a_tile()
    {
        var modules = string.Concat(
            Directory.EnumerateFiles(Repository.Path("infra", "modules"), "*.bicep").Select(File.ReadAllText));

        Assert.All(All.Keys, query => Assert.Contains($"'../queries/{query}.kql'", modules, StringComparison.Ordinal));
    }

    [Fact]
    public void The_workbook_has_a_tile_for_each_of_its_queries()
    {
        using var book = JsonDocument.Parse(File.ReadAllText(Repository.Path("infra", "workbook.json")));
        var tiles = book.RootElement.GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("type").GetInt32() == 3)
            .Select(item => item.GetProperty("content").GetProperty("query").GetString()!.ToLowerInvariant().Replace('_', '-'));

        Assert.Equal(All.Keys.Where(query => !query.StartsWith("alert-", StringComparison.Ordinal)).Order(), tiles.Order());
    }
}
