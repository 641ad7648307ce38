using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Metrics of the calls to Alibaba Cloud, and of the reads of the access key.</summary>
public sealed class EcdMetrics
{
    private readonly Counter<long> calls;
    private readonly Histogram<double> duration;
    private readonly Counter<long> vaultReads;
    private long credentialsCreated;
    private long credentialsExpire;

    public EcdMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        calls = meter.CreateCounter<long>(
            "eds.ecd.calls", "{call}", "Calls to Alibaba Cloud by action, outcome and error code.");
        duration = meter.CreateHistogram<double>(
            "eds.ecd.call.duration", "s", "Duration of a call to Alibaba Cloud, with all its attempts.");
        vaultReads = meter.CreateCounter<long>(
            "eds.vault.reads", "{read}", "Reads of the Alibaba access key from Key Vault by result.");
        meter.CreateObservableGauge(
            "eds.credentials.created", () => EdsTelemetry.MeasureTime(ref credentialsCreated), "s",
            "Unix time at which the current version of the secret with the access key was created.");
        meter.CreateObservableGauge(
            "eds.credentials.expires", () => EdsTelemetry.MeasureTime(ref credentialsExpire), "s",
            "Unix time at which the current version of the secret with the access key expires, if it expires.");
    }

    internal void RecordCall<T>(string action, EcdOutcome<T> outcome, TimeSpan elapsed)
        where T : EcdResponse
    {
        var tags = new TagList { { "action", action }, { "outcome", outcome.Name() } };
        duration.Record(elapsed.TotalSeconds, tags);
        if (outcome.Failure is EcdFailure.Rejected { Error.Code: { } code })
        {
            tags.Add("code", code);
        }

        calls.Add(1, tags);
    }

    internal void RecordVaultRead(bool succeeded) =>
        vaultReads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "ok" : "failed"));

    internal void RecordCredentials(DateTimeOffset? createdAt, DateTimeOffset? expiresAt)
    {
        Interlocked.Exchange(ref credentialsCreated, createdAt?.ToUnixTimeSeconds() ?? 0);
        Interlocked.Exchange(ref credentialsExpire, expiresAt?.ToUnixTimeSeconds() ?? 0);
    }
}
