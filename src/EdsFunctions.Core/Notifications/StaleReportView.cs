using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>
/// A report of stale verifications, as the HTTP endpoint returns it, and as a channel of the kind Webhook gets it.
/// </summary>
/// <param name="At">The time of the report, in UTC.</param>
/// <param name="ThresholdSeconds">The age from which a verification is stale.</param>
/// <param name="StaleCount">The number of stale verifications.</param>
/// <param name="DueCount">
/// The number of stale verifications that are due: not reported yet, or due for a reminder.
/// </param>
/// <param name="OldestWaitingSeconds">The age of the oldest stale verification; 0 if there is none.</param>
/// <param name="Items">The first 20 stale verifications, oldest first.</param>
/// <param name="More">The number of stale verifications that the items do not list.</param>
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
    /// <param name="dueOnly">Whether <c>More</c> counts only verifications that are due.</param>
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
/// <param name="Due">Whether the verification is due for the next report.</param>
/// <param name="NextReportAt">
/// The time of the next reminder, in UTC; the time of the report if the verification is due.
/// </param>
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
