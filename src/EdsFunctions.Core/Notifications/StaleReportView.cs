using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A report of stale verifications: the response of the endpoint, and the data of a webhook.</summary>
/// <param name="At">The time of the report, in UTC.</param>
/// <param name="ThresholdSeconds">The age from which a verification is stale.</param>
/// <param name="StaleCount">The number of stale verifications.</param>
/// <param name="DueCount">The number of due verifications: not reported yet, or due for a reminder.</param>
/// <param name="OldestWaitingSeconds">The age of the oldest verification; 0 if there is none.</param>
/// <param name="Items">The first 20 verifications, oldest first.</param>
/// <param name="More">The number of verifications that are not among the items.</param>
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
    /// <param name="dueOnly">Whether <c>More</c> counts due verifications only.</param>
    internal static StaleReportView Create(Digest digest, bool dueOnly = false) => new(
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
/// <param name="Waiting">The age as text, such as <c>2 d 5 h</c>.</param>
/// <param name="WaitingSeconds">The age.</param>
/// <param name="Due">Whether the next report lists it.</param>
/// <param name="NextReportAt">The time of the next reminder, in UTC; the time of the report if it is due.</param>
public sealed record StaleItemView(
    VerificationView Verification, string Waiting, long WaitingSeconds, bool Due, DateTime NextReportAt)
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    internal static StaleItemView Create(DigestItem item) => new(
        VerificationView.Create(item.Verification),
        English.Duration(item.Waiting),
        (long)item.Waiting.TotalSeconds,
        item.Due,
        item.NextReportAt.UtcDateTime);
}

/// <summary>Serializes the view with the same options as API responses.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StaleReportView))]
internal sealed partial class ReportJson : JsonSerializerContext;
