using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Signatures;

/// <summary>Counts the deliveries of chat platforms and webhooks by the result of their signature check.</summary>
public sealed class DeliveryMetrics(IMeterFactory meters)
{
    private readonly Counter<long> deliveries = meters.Create(EdsTelemetry.MeterName).CreateCounter<long>(
        "eds.deliveries", "{delivery}", "Deliveries of chats and webhooks by platform and outcome.");

    internal void RecordCheck(string platform, SignatureCheck check) =>
        Add(platform, JsonNamingPolicy.KebabCaseLower.ConvertName(check.ToString()));

    /// <summary>Counts a delivery from a platform that is closed. The app cannot verify its signature.</summary>
    internal void RecordClosed(string platform) => Add(platform, "closed");

    private void Add(string platform, string outcome) =>
        deliveries.Add(1, new TagList { { "eds.platform", platform }, { "eds.outcome", outcome } });
}
