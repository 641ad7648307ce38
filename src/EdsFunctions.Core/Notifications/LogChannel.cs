using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>The log as a channel: one entry, with one line per verification, without a code, a key, or a whole account id.</summary>
internal sealed partial class LogChannel(ILogger<LogChannel> logger) : IReportChannel
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    public string? Name => null;

    /// <summary>The closing is logged by itself.</summary>
    public bool GetsFinalNotice => false;

    public Task ReportAsync(
        StaleDigest expired,
        StaleDigest failed,
        StaleDigest stale,
        ChannelReport report,
        CancellationToken cancellationToken)
    {
        if (failed.DueCount > 0)
        {
            FailedUnanswered(failed.DueCount, string.Join('\n', failed.Items.Select(Line)));
        }

        if (stale.DueCount > 0)
        {
            StaleVerifications(
                stale.StaleCount,
                English.Duration(stale.Oldest),
                stale.DueCount,
                stale.DueCount - stale.Items.Count,
                string.Join('\n', stale.Items.Select(Line)));
        }

        (report.Failed, report.Stale) = (failed.Items, stale.Items);
        return Task.CompletedTask;
    }

    private static string Line(StaleItem item)
    {
        var verification = item.Verification;
        var target = verification.Target;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{verification.Id} {verification.State.Name()} for {English.Duration(item.Waiting)}, since {verification.WaitingSince:u}: ");
        line += $"{target.CenId ?? "own CEN"} in {target.RegionId}";
        line += target.CenOwnerId is { } owner ? $", owner {owner}" : "";
        line += verification.RequestedBy is { } by ? $", requested by {by}" : "";
        line += verification.Note is { } note ? $", note: {note}" : "";
        return line;
    }

    [LoggerMessage(303, LogLevel.Warning, "Codes that were not sent, and whose sender got no answer: {Failed}\n{Items}")]
    private partial void FailedUnanswered(int failed, string items);

    [LoggerMessage(300, LogLevel.Warning,
        "Verifications that wait too long: {Stale}, the oldest for {Oldest}; to be said now: {Due}, +{More} more\n{Items}")]
    private partial void StaleVerifications(int stale, string oldest, int due, int more, string items);
}
