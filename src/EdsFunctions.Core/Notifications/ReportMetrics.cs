using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Notifications;

/// <summary>Metrics of the report and of the verifications that it finds.</summary>
public sealed class ReportMetrics : IHostedService
{
    private readonly Counter<long> runs;
    private readonly Counter<long> items;
    private readonly Counter<long> deliveries;

    /// <summary>Written by a run of the report and read by whoever collects the gauges; it does not change once it is here.</summary>
    private StaleDigest? latest;
    private long lastSuccess;

    public ReportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        runs = meter.CreateCounter<long>("eds.report.runs", "{run}", "Runs of the report by result.");
        items = meter.CreateCounter<long>("eds.report.items", "{verification}", "Verifications that a report named.");
        deliveries = meter.CreateCounter<long>(
            "eds.report.deliveries", "{delivery}", "Messages to report channels by the kind of channel and the outcome.");
        meter.CreateObservableGauge("eds.verifications.stale", () => (long)(Latest?.StaleCount ?? 0), "{verification}",
            "Verifications that wait too long, at the last run.");
        meter.CreateObservableGauge("eds.verifications.waiting", Waiting, "{verification}",
            "The stale ones by how long they wait, at the last run.");
        meter.CreateObservableGauge("eds.verifications.due", () => (long)(Latest?.DueCount ?? 0), "{verification}",
            "Stale verifications that the last run had to report.");
        meter.CreateObservableGauge("eds.verifications.oldest_wait", () => Latest?.Oldest.TotalSeconds ?? 0, "s",
            "How long the oldest stale verification waits, at the last run.");
        meter.CreateObservableGauge("eds.report.last_success", LastSuccess, "s", "When the last run succeeded, in Unix time.");
    }

    private StaleDigest? Latest => Volatile.Read(ref latest);

    internal void ReportDelivered(string kind, bool accepted) =>
        deliveries.Add(1, new TagList { { "kind", kind }, { "outcome", accepted ? "ok" : "failed" } });

    /// <summary>A run has ended.</summary>
    /// <param name="at">UTC.</param>
    /// <param name="allDelivered">Whether every channel accepted its notices.</param>
    /// <param name="digest">The digest of the log.</param>
    internal void ReportEnded(DateTimeOffset at, bool allDelivered, StaleDigest digest)
    {
        runs.Add(1, new KeyValuePair<string, object?>("result", allDelivered ? "ok" : "failed"));
        items.Add(digest.Items.Count);
        // Without its items, which would be kept in memory until the next run.
        Volatile.Write(ref latest, digest with { Items = [] });
        if (allDelivered)
        {
            Interlocked.Exchange(ref lastSuccess, at.ToUnixTimeSeconds());
        }
    }

    /// <summary>Nothing to do: that the host makes it is enough.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void ReportFailed() => runs.Add(1, new KeyValuePair<string, object?>("result", "failed"));

    private IEnumerable<Measurement<long>> Waiting() => (Latest?.Ages ?? new AgeCounts()).All
        .Select(age => new Measurement<long>(age.Count, new KeyValuePair<string, object?>("age", age.Age)));

    /// <summary>Nothing until a run has succeeded: a zero would say 1970.</summary>
    private IEnumerable<Measurement<long>> LastSuccess() =>
        Interlocked.Read(ref lastSuccess) is > 0 and var at ? [new Measurement<long>(at)] : [];
}

/// <summary>Counts verifications by how long they have waited.</summary>
public sealed class AgeCounts
{
    private static readonly (string Name, TimeSpan Below)[] Ages =
    [
        ("under-4h", TimeSpan.FromHours(4)),
        ("under-1d", TimeSpan.FromDays(1)),
        ("under-3d", TimeSpan.FromDays(3)),
        ("3d-or-more", TimeSpan.MaxValue),
    ];

    private readonly long[] counts = new long[Ages.Length];

    /// <summary>Each count with the name of its age; zeros are included.</summary>
    public IEnumerable<(string Age, long Count)> All => Ages.Select((age, i) => (age.Name, counts[i]));

    public void Add(TimeSpan waiting) => counts[Array.FindIndex(Ages, age => waiting < age.Below)]++;
}
