using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A report of stale verifications: the response of the endpoint, and the data of a webhook.</summary>
/// <param name="At">When it was made, in UTC.</param>
/// <param name="ThresholdSeconds">A verification that waits longer is stale.</param>
/// <param name="StaleCount">How many are stale.</param>
/// <param name="DueCount">How many of them are due: new, or last reported long enough ago.</param>
/// <param name="OldestWaitingSeconds">How long the oldest waits; 0 if there is none.</param>
/// <param name="Items">The first 20, longest wait first.</param>
/// <param name="More">How many are not among the items.</param>
public sealed record StaleReportView(
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
    internal static StaleReportView Create(StaleDigest digest, bool dueOnly = false) => new(
        digest.At.UtcDateTime,
        (long)digest.Threshold.TotalSeconds,
        digest.StaleCount,
        digest.DueCount,
        (long)digest.Oldest.TotalSeconds,
        [.. digest.Items.Select(StaleItemView.Create)],
        (dueOnly ? digest.DueCount : digest.StaleCount) - digest.Items.Count);
}

/// <summary>A stale verification.</summary>
/// <param name="Verification">The verification.</param>
/// <param name="Waiting">How long it waits, for people, such as <c>2 d 5 h</c>.</param>
/// <param name="WaitingSeconds">How long it waits.</param>
/// <param name="Due">Whether a report would name it now.</param>
/// <param name="NextReportAt">When a report names it next, in UTC: now, if it is due.</param>
public sealed record StaleItemView(
    VerificationView Verification, string Waiting, long WaitingSeconds, bool Due, DateTime NextReportAt)
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    internal static StaleItemView Create(StaleItem item) => new(
        VerificationView.Create(item.Verification),
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
