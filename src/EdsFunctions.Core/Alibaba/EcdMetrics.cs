using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Metrics of the calls to Alibaba and of the credentials.</summary>
public sealed class EcdMetrics
{
    private readonly Counter<long> calls;
    private readonly Histogram<double> duration;
    private readonly Counter<long> vaultReads;
    private double credentialsAgeSeconds;

    public EcdMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        calls = meter.CreateCounter<long>(
            "eds.ecd.calls", "{call}", "Calls to Alibaba by action, outcome and error code.");
        duration = meter.CreateHistogram<double>(
            "eds.ecd.call.duration", "s", "Duration of calls to Alibaba, retries included.");
        vaultReads = meter.CreateCounter<long>(
            "eds.vault.reads", "{read}", "Reads of the credentials from Key Vault by result.");
        meter.CreateObservableGauge("eds.vault.credentials_age", () => Volatile.Read(ref credentialsAgeSeconds), "s",
            "Age of the cached credentials at their last use.");
    }

    internal void EcdCall<T>(string action, EcdOutcome<T> outcome, TimeSpan elapsed)
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

    internal void VaultRead(bool succeeded) =>
        vaultReads.Add(1, new KeyValuePair<string, object?>("result", succeeded ? "ok" : "failed"));

    internal void CredentialsUsed(TimeSpan age) => Volatile.Write(ref credentialsAgeSeconds, age.TotalSeconds);
}
