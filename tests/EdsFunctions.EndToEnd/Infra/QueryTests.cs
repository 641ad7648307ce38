using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>
/// The queries of the alerts and of the workbook use metrics and events that the app emits. If a metric was renamed in
/// the app only, an alert would never fire.
/// </summary>
public sealed partial class QueryTests(BicepCompiler bicep)
{
    private static readonly IReadOnlyDictionary<string, string> Queries =
        Directory.EnumerateFiles(Repository.Path("infra", "queries"), "*.kql")
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), File.ReadAllText);

    private static readonly IReadOnlyList<Measured> Emitted = Measure();

    /// <summary>
    /// Queries that read other data than that of the app: other tables, and a metric of the Functions host.
    /// </summary>
    private static readonly string[] OtherData =
        ["alert-health", "alert-server-errors", "runbook-errors", "runbook-start"];

    public static TheoryData<string> Names => [.. Queries.Keys.Except(OtherData)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Query_MetricsAndTags_AreEmittedByTheApp(string name)
    {
        var metrics = MetricName.Matches(Queries[name]).Select(match => match.Groups[1].Value).ToHashSet();
        var emitted = Emitted.Where(one => metrics.Contains(one.Instrument)).ToList();

        Assert.NotEmpty(metrics);
        Assert.All(metrics, metric => Assert.Contains(emitted, one => one.Instrument == metric));
        Assert.All(
            TagName.Matches(Queries[name]).Select(match => match.Groups[1].Value),
            tag => Assert.Contains(emitted, one => one.Tags.ContainsKey(tag)));
        Assert.All(
            TagValue.Matches(Queries[name]).Select(match => (Name: match.Groups[1].Value, match.Groups[2].Value)),
            tag => Assert.Contains(emitted, one => one.Tags.GetValueOrDefault(tag.Name) == tag.Value));
    }

    [Fact]
    public void AlertRejected_ErrorCodes_NeedAnOperator()
    {
        string[] other = ["eds.ecd.calls", "rejected"];
        var kinds = Literal.Matches(Queries["alert-rejected"]).Select(match => match.Groups[1].Value).Except(other)
            .Select(code => new EcdError(code, 400).Kind).Distinct().Order();

        Assert.Equal([EcdErrorKind.Credentials, EcdErrorKind.Permission, EcdErrorKind.Clock], kinds);
    }

    [Fact]
    public async Task Queries_Deployment_ContainsEach()
    {
        var snapshot = await bicep.DefaultsAsync();
        var alerts = snapshot.OfType("Microsoft.Insights/scheduledQueryRules")
            .Select(alert => alert["properties.criteria.allOf.0.query"]!).ToList();
        var workbook = snapshot.Single("Microsoft.Insights/workbooks")["properties.serializedData"]!;
        // In template expressions, single quotes are doubled.
        var deployed = string.Concat(alerts.Append(workbook.Replace("''", "'", StringComparison.Ordinal)));

        Assert.Equal(Queries.Keys.Count(name => name.StartsWith("alert-", StringComparison.Ordinal)), alerts.Count);
        Assert.All(
            Queries.Where(query => !query.Key.StartsWith("runbook-", StringComparison.Ordinal))
                .Select(query => query.Value.Replace("MAX_KEY_AGE", "365", StringComparison.Ordinal)),
            query => Assert.Contains(query, deployed, StringComparison.Ordinal));
    }

    /// <summary>Records each metric with all values of its tags.</summary>
    private static List<Measured> Measure()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        var (metrics, ecdMetrics) = (new VerificationMetrics(meters), new EcdMetrics(meters));
        var reportMetrics = new ReportMetrics(meters);
        using var captured = new CapturedMetrics(services);

        EcdOutcome<EcdResponse>[] outcomes =
        [
            new EcdResponse("r"),
            new EcdFailure.Rejected(new EcdError("NoPermission", 403)),
            new EcdFailure.NotSent("down"),
            new EcdFailure.Unknown("timeout"),
        ];
        foreach (var outcome in outcomes)
        {
            ecdMetrics.RecordCall(nameof(SendVerifyCode), outcome, TimeSpan.FromSeconds(1));
        }

        ecdMetrics.RecordCredentials(DateTimeOffset.UnixEpoch.AddDays(1), DateTimeOffset.UnixEpoch.AddDays(90));
        ecdMetrics.RecordVaultRead(succeeded: true);
        ecdMetrics.RecordVaultRead(succeeded: false);
        foreach (var state in Enum.GetValues<VerificationState>().Where(state => !state.IsOpen()))
        {
            metrics.RecordClosed(state, TimeSpan.FromSeconds(1));
        }

        var now = DateTimeOffset.UnixEpoch.AddDays(1);
        reportMetrics.RecordNextDue(now);
        reportMetrics.RecordDigest(
            new Digest(now, TimeSpan.Zero, 1, 1, [], TimeSpan.FromSeconds(1), new AgeCounts()));
        reportMetrics.RecordRun(now, isSuccess: false);
        reportMetrics.RecordRun(now, isSuccess: true);
        var deliveries = new DeliveryMetrics(meters);
        foreach (var check in Enum.GetValues<SignatureCheck>())
        {
            deliveries.RecordCheck("Slack", check);
        }

        new ClosedSections(
                Host.CreateEmptyApplicationBuilder(settings: null).Environment,
                new ConfigurationBuilder().Build(),
                meters)
            .Close("ChatOps:Slack", ["@Microsoft.KeyVault(VaultName=contoso;SecretName=slack)"], ["Unresolved."]);
        captured.Gauge("eds.platforms.closed");
        captured.Gauge("eds.report.last_success");
        return [.. captured.All];
    }

    [GeneratedRegex(@"(?<!\[)'(eds\.[^']*)'")]
    private static partial Regex MetricName { get; }

    [GeneratedRegex(@"Properties(?:\.|\[')([\w.]+)")]
    private static partial Regex TagName { get; }

    [GeneratedRegex(@"Properties(?:\.|\[')([\w.]+)(?:'\])?\) == '?([\w-]+)'?")]
    private static partial Regex TagValue { get; }

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Literal { get; }
}
