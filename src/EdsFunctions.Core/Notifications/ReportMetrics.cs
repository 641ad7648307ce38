using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Notifications;

/// <summary>Metrics of reports and stale verifications.</summary>
public sealed class ReportMetrics : IHostedService
{
    private readonly Counter<long> runs;
    private readonly Counter<long> items;
    private readonly Counter<long> deliveries;

    /// <summary>
    /// The digest of the latest report. A run of the timer writes it, and the gauges read it on other threads.
    /// </summary>
    private Digest? latest;
    private long lastSuccess;
    private long nextDue;

    public ReportMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        runs = meter.CreateCounter<long>("eds.report.runs", "{run}", "Runs of the timer by result.");
        items = meter.CreateCounter<long>(
            "eds.report.items", "{verification}", "Verifications that the report in the log listed.");
        deliveries = meter.CreateCounter<long>(
            "eds.report.deliveries", "{delivery}", "Notices sent to report channels by kind and outcome.");
        meter.CreateObservableGauge("eds.verifications.stale", () => (long)(Latest?.StaleCount ?? 0), "{verification}",
            "Stale verifications at the last run of the timer.");
        meter.CreateObservableGauge("eds.verifications.waiting", MeasureAges, "{verification}",
            "Stale verifications by age at the last run of the timer.");
        meter.CreateObservableGauge("eds.verifications.due", () => (long)(Latest?.DueCount ?? 0), "{verification}",
            "Stale verifications that were due for a report at the last run of the timer.");
        meter.CreateObservableGauge("eds.verifications.oldest_wait", () => Latest?.Oldest.TotalSeconds ?? 0, "s",
            "Age of the oldest stale verification at the last run of the timer.");
        meter.CreateObservableGauge("eds.report.last_success", () => EdsTelemetry.MeasureTime(ref lastSuccess), "s",
            "Unix time of the last run of the timer that did not fail.");
        meter.CreateObservableGauge("eds.report.next_due", () => EdsTelemetry.MeasureTime(ref nextDue), "s",
            "Unix time at which the next run of the timer is due.");
    }

    private Digest? Latest => Volatile.Read(ref latest);

    internal void RecordDelivery(string kind, bool accepted) =>
        deliveries.Add(1, new TagList { { "kind", kind }, { "outcome", accepted ? "ok" : "failed" } });

    /// <param name="digest">The digest of stale verifications for the log.</param>
    internal void RecordDigest(Digest digest)
    {
        items.Add(digest.Items.Count);
        // Keep the digest without its verifications, to release their memory.
        Volatile.Write(ref latest, digest with { Items = [] });
    }

    /// <summary>Records the end of a run of the timer.</summary>
    /// <param name="at">The time, in UTC.</param>
    /// <param name="isSuccess">Whether every step succeeded, and every channel accepted its notices.</param>
    internal void RecordRun(DateTimeOffset at, bool isSuccess)
    {
        runs.Add(1, new KeyValuePair<string, object?>("result", isSuccess ? "ok" : "failed"));
        if (isSuccess)
        {
            Interlocked.Exchange(ref lastSuccess, at.ToUnixTimeSeconds());
        }
    }

    /// <summary>
    /// Does nothing. This class is a hosted service only so that the host creates the gauges when it starts.
    /// </summary>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    internal void RecordNextDue(DateTimeOffset at) => Interlocked.Exchange(ref nextDue, at.ToUnixTimeSeconds());

    private IEnumerable<Measurement<long>> MeasureAges() => (Latest?.Ages ?? new AgeCounts()).All
        .Select(age => new Measurement<long>(age.Count, new KeyValuePair<string, object?>("age", age.Age)));
}

/// <summary>Counts verifications by ranges of age.</summary>
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

    /// <summary>The number of verifications in each range of age, including the ranges with none.</summary>
    public IEnumerable<(string Age, long Count)> All => Ages.Select((age, i) => (age.Name, counts[i]));

    public void Add(TimeSpan waiting) => counts[Array.FindIndex(Ages, age => waiting < age.Below)]++;
}
