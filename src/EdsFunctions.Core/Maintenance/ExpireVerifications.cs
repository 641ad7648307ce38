using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// Closes expired verifications once every channel was told, and at the latest after a day; after that they do not stay open for a
/// channel that fails, but still for one that names twenty at a time and has more to come.
/// </summary>
public sealed class ExpireVerifications(
    IVerificationStore store,
    VerificationWriter writer,
    SendRules rules,
    ILogger<ExpireVerifications> logger)
{
    /// <summary>How long an expired verification stays open for a channel that rejects the notice of it.</summary>
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromDays(1);

    /// <param name="current">The verifications as they were before the report.</param>
    /// <param name="reports">What was reported to each channel.</param>
    /// <param name="cancellationToken">Cancels the rest.</param>
    internal Task RunAsync(
        IReadOnlyList<Verification> current,
        IReadOnlyDictionary<IReportChannel, ChannelReport> reports,
        CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            // This run may have timed out its send.
            current.Where(one => (one.TimeOutAbandonedSend(now, rules) ?? one).IsExpired(now, rules.ExpireAfter)),
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
        var isLate = verification.IsExpired(now, rules.ExpireAfter + NoticeWithin);
        return !verification.IsInProgress(now, rules) && reports.All(one => !one.Key.GetsFinalNotice
            || verification.GetReminder(one.Key.Name) is { Final: true }
            // A mark that could not be written makes no difference.
            || one.Value.Expired.Any(item => item.Verification.Id == verification.Id)
            || (isLate && one.Value.LacksExpired));
    }
}
