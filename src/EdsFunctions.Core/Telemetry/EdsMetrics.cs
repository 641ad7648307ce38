using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Reporting.Channels;

namespace EdsFunctions.Core.Telemetry;

/// <summary>The app's own metrics: counts, ages and times, never an id.</summary>
public sealed class EdsMetrics
{
    public const string MeterName = "EdsFunctions";

    private readonly Counter<long> verificationsClosed;
    private readonly Histogram<double> timeToClose;
    private readonly Counter<long> reportRuns;
    private readonly Counter<long> reportedItems;
    private readonly Counter<long> reportDeliveries;

    // Written by a run of the report, read by whoever collects; each is one word, so a torn read cannot be, and the counts are not
    // touched any more once they are here.
    private AgeCounts waiting = new();
    private long stale;
    private long due;
    private double oldestSeconds;
    private long lastSuccess;

    public EdsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        verificationsClosed = meter.CreateCounter<long>("eds.verifications.closed", "{verification}", "Closed verifications by state.");
        timeToClose = meter.CreateHistogram<double>("eds.verifications.time_to_close", "s", "From creation to the end, by state.");
        reportRuns = meter.CreateCounter<long>("eds.report.runs", "{run}", "Runs of the report by result.");
        reportedItems = meter.CreateCounter<long>("eds.report.items", "{verification}", "Verifications that a report named.");
        reportDeliveries = meter.CreateCounter<long>(
            "eds.report.deliveries", "{delivery}", "Messages to report channels by the kind of channel and the outcome.");
        meter.CreateObservableGauge("eds.verifications.stale", () => Interlocked.Read(ref stale), "{verification}",
            "Verifications that wait too long, at the last run.");
        meter.CreateObservableGauge("eds.verifications.waiting", Waiting, "{verification}",
            "The stale ones by how long they wait, at the last run.");
        meter.CreateObservableGauge("eds.verifications.due", () => Interlocked.Read(ref due), "{verification}",
            "Stale verifications that the last run had to report.");
        meter.CreateObservableGauge("eds.verifications.oldest_wait", () => Volatile.Read(ref oldestSeconds), "s",
            "How long the oldest stale verification waits, at the last run.");
        meter.CreateObservableGauge("eds.report.last_success", LastSuccess, "s", "When the last run succeeded, in Unix time.");
    }

    internal void VerificationClosed(string state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state);
        verificationsClosed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }

    internal void ReportDelivered(ReportChannelKind kind, bool accepted) =>
        reportDeliveries.Add(1, new TagList { { "kind", kind.ToString() }, { "outcome", accepted ? "ok" : "failed" } });

    /// <summary>A run came to its end.</summary>
    /// <param name="at">UTC.</param>
    /// <param name="allDelivered">Whether every channel took what it was told.</param>
    /// <param name="staleCount">How many wait too long.</param>
    /// <param name="dueCount">How many of them were to be said.</param>
    /// <param name="reported">How many were.</param>
    /// <param name="oldest">The longest wait.</param>
    /// <param name="ages">How many wait too long, by how long.</param>
    internal void ReportEnded(
        DateTimeOffset at, bool allDelivered, long staleCount, long dueCount, int reported, TimeSpan oldest, AgeCounts ages)
    {
        reportRuns.Add(1, new KeyValuePair<string, object?>("result", allDelivered ? "ok" : "failed"));
        reportedItems.Add(reported);
        Volatile.Write(ref waiting, ages);
        Interlocked.Exchange(ref stale, staleCount);
        Interlocked.Exchange(ref due, dueCount);
        Volatile.Write(ref oldestSeconds, oldest.TotalSeconds);
        if (allDelivered)
        {
            Interlocked.Exchange(ref lastSuccess, at.ToUnixTimeSeconds());
        }
    }

    internal void ReportFailed() => reportRuns.Add(1, new KeyValuePair<string, object?>("result", "failed"));

    private IEnumerable<Measurement<long>> Waiting() => Volatile.Read(ref waiting).All
        .Select(age => new Measurement<long>(age.Count, new KeyValuePair<string, object?>("age", age.Age)));

    /// <summary>Nothing until a run has succeeded: a zero would say 1970.</summary>
    private IEnumerable<Measurement<long>> LastSuccess() =>
        Interlocked.Read(ref lastSuccess) is > 0 and var at ? [new Measurement<long>(at)] : [];
}
