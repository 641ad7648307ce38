using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A step of the timer. Sets the outcome of a send to unknown if the process ended before it recorded Alibaba's
/// response.
/// </summary>
public sealed class TimeOutAbandonedSends(
    IVerificationStore store, VerificationWriter writer, SendRules rules, ILogger<TimeOutAbandonedSends> logger)
{
    internal Task RunAsync(IReadOnlyList<Verification> current, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            current.Where(read => read.TimeOutAbandonedSend(now, rules) is not null),
            async abandoned =>
            {
                var (timedOut, _) = await writer.ChangeAsync<object>(async _ => new(
                    (await store.GetAsync(abandoned.Id, cancellationToken))?.TimeOutAbandonedSend(now, rules)));
                if (timedOut is not null)
                {
                    logger.StateChangedByTimer(timedOut.Id, abandoned.State, timedOut.State);
                }
            },
            cancellationToken);
    }
}
