using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>The report channel that writes to the log: one entry, with one line per verification.</summary>
internal sealed partial class LogChannel(ILogger<LogChannel> logger) : IReportChannel
{
    private static readonly Localizer English = Localizer.ForLanguage(Localizer.English);

    public string? Name => null;

    /// <summary>False, because the log already has an entry for each verification that expires.</summary>
    public bool GetsFinalNotice => false;

    public Task ReportAsync(
        Digest expired,
        Digest failed,
        Digest stale,
        ChannelReport report,
        CancellationToken cancellationToken)
    {
        if (failed.DueCount > 0)
        {
            UnreportedFailures(failed.DueCount, string.Join('\n', failed.Items.Select(Line)));
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

    private static string Line(DigestItem item)
    {
        var verification = item.Verification;
        var target = verification.Target;
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{verification.Id} {verification.State.Name()} for {English.Duration(item.Waiting)}, ");
        line += string.Create(CultureInfo.InvariantCulture, $"since {verification.WaitingSince:u}: ");
        line += $"{target.CenId ?? "own CEN"} in {target.RegionId}";
        line += target.CenOwnerId is { } owner ? $", owner {owner}" : "";
        line += verification.RequestedBy is { } by ? $", requested by {by}" : "";
        line += verification.Note is { } note ? $", note: {note}" : "";
        return line;
    }

    [LoggerMessage(303, LogLevel.Warning,
        "Codes that were not sent, and whose requester could not be notified: {Failed}\n{Items}")]
    private partial void UnreportedFailures(int failed, string items);

    [LoggerMessage(300, LogLevel.Warning,
        "Stale verifications: {Stale}, the oldest for {Oldest}. Due for this report: {Due}, of which {More} are not "
        + "listed\n{Items}")]
    private partial void StaleVerifications(int stale, string oldest, int due, int more, string items);
}
