using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A step of the timer. Closes an expired verification when every channel has accepted the notice that names it. A
/// channel that rejects the notice delays the close by one day at most. A notice names at most 20 verifications. The
/// others stay open until a later notice names them.
/// </summary>
public sealed class ExpireVerifications(
    IVerificationStore store,
    VerificationWriter writer,
    SendRules rules,
    ILogger<ExpireVerifications> logger)
{
    /// <summary>
    /// The longest time for which a channel that rejects the notice can keep an expired verification open.
    /// </summary>
    private static readonly TimeSpan MaxNoticeDelay = TimeSpan.FromDays(1);

    /// <param name="current">The verifications as they were before the report.</param>
    /// <param name="reports">The result of the report for each channel.</param>
    /// <param name="cancellationToken">Cancels the step.</param>
    internal Task RunAsync(
        IReadOnlyList<Verification> current,
        IReadOnlyDictionary<IReportChannel, ChannelReport> reports,
        CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            // This run may have recorded that a send timed out, after it had read the verifications.
            current.Where(read => (read.TimeOutAbandonedSend(now, rules) ?? read).IsExpired(now, rules.ExpireAfter)),
            async expired =>
            {
                var (closed, _) = await writer.ChangeAsync<object>(async _ =>
                    await store.GetAsync(expired.Id, cancellationToken) is { } found && MayClose(found, reports, now)
                        ? new(found.Expire(now, rules.ExpireAfter))
                        : new(Next: null));
                if (closed is not null)
                {
                    logger.StateChangedByTimer(closed.Id, expired.State, closed.State);
                }
            },
            cancellationToken);
    }

    private bool MayClose(
        Verification verification, IReadOnlyDictionary<IReportChannel, ChannelReport> reports, DateTimeOffset now)
    {
        var isOverdue = verification.IsExpired(now, rules.ExpireAfter + MaxNoticeDelay);
        return !verification.IsInProgress(now, rules) && reports.All(report => !report.Key.GetsFinalNotice
            || verification.GetReminder(report.Key.Name) is { Final: true }
            // The channel accepted the notice in this run. The write of its reminder state may have failed.
            || report.Value.Expired.Any(item => item.Verification.Id == verification.Id)
            || (isOverdue && report.Value.IsExpiredNoticeMissing));
    }
}
