using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A digest for programs: the response of the endpoint, and the data of a webhook.</summary>
internal sealed record StaleReportView(
    DateTime At,
    long ThresholdSeconds,
    int StaleCount,
    int DueCount,
    long OldestWaitingSeconds,
    IReadOnlyList<StaleItemView> Items,
    int More)
{
    /// <param name="digest">The digest.</param>
    /// <param name="dueOnly">Whether to count as more only what is due.</param>
    public static StaleReportView Of(StaleDigest digest, bool dueOnly = false) => new(
        digest.At.UtcDateTime,
        (long)digest.Threshold.TotalSeconds,
        digest.StaleCount,
        digest.DueCount,
        (long)digest.Oldest.TotalSeconds,
        [.. digest.Items.Select(StaleItemView.Of)],
        (dueOnly ? digest.DueCount : digest.StaleCount) - digest.Items.Count);
}

/// <summary>A verification of a digest.</summary>
internal sealed record StaleItemView(
    VerificationView Verification, string Waiting, long WaitingSeconds, bool Due, DateTime NextReportAt)
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    public static StaleItemView Of(StaleItem item) => new(
        VerificationView.Of(item.Verification),
        English.Duration(item.Waiting),
        (long)item.Waiting.TotalSeconds,
        item.Due,
        item.NextReportAt.UtcDateTime);
}

/// <summary>Writes the view as the API writes its responses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StaleReportView))]
internal sealed partial class ReportJson : JsonSerializerContext;
