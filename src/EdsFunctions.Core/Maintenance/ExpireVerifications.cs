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
    ReportChannels channels,
    ILogger<ExpireVerifications> logger)
{
    /// <summary>How long an expired verification stays open for a channel that rejects the notice of it.</summary>
    private static readonly TimeSpan NoticeWithin = TimeSpan.FromDays(1);

    /// <param name="current">The verifications as they were before the report.</param>
    /// <param name="delivered">The channels that accepted everything that they were sent.</param>
    /// <param name="cancellationToken">Cancels the rest.</param>
    internal Task RunAsync(
        IReadOnlyList<Verification> current, IReadOnlySet<IReportChannel> delivered, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            // This run may have timed out its send.
            current.Where(one => (one.GiveUpOrphan(now, rules) ?? one).IsExpired(now, rules.ExpireAfter)),
            async expired =>
            {
                var (closed, _) = await writer.ChangeAsync<object>(async _ =>
                    await store.GetAsync(expired.Id, cancellationToken) is { } found && MayClose(found, delivered, now)
                        ? new(found.Expire(now, rules.ExpireAfter))
                        : new(Next: null));
                if (closed is not null)
                {
                    logger.StateChangedByTimer(closed.Id, expired.State, closed.State);
                }
            },
            cancellationToken);
    }

    private bool MayClose(Verification verification, IReadOnlySet<IReportChannel> delivered, DateTimeOffset now)
    {
        var isLate = verification.IsExpired(now, rules.ExpireAfter + NoticeWithin);
        return !verification.IsInProgress(now, rules) && channels.All.All(channel => !channel.GetsFinalNotice
            || verification.MarkOf(channel.Name) is { Final: true }
            || (isLate && !delivered.Contains(channel)));
    }
}
