using System.Diagnostics.Metrics;

namespace EdsFunctions.Core.Telemetry;

/// <summary>The app's own metrics: counts, ages and times, never an id.</summary>
public sealed class EdsMetrics
{
    private readonly Counter<long> verificationsClosed;
    private readonly Histogram<double> timeToClose;

    public EdsMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        verificationsClosed = meter.CreateCounter<long>("eds.verifications.closed", "{verification}", "Closed verifications by state.");
        timeToClose = meter.CreateHistogram<double>("eds.verifications.time_to_close", "s", "From creation to the end, by state.");
    }

    internal void VerificationClosed(string state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state);
        verificationsClosed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }
}
