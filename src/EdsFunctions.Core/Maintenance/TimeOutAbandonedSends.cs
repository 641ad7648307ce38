using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>Times out sends whose process ended before it recorded Alibaba's response: no one knows whether they led to an e-mail.</summary>
public sealed class TimeOutAbandonedSends(
    IVerificationStore store, VerificationWriter writer, SendRules rules, ILogger<TimeOutAbandonedSends> logger)
{
    internal Task RunAsync(IReadOnlyList<Verification> current, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            current,
            async sending =>
            {
                // If another writer was first, the next run looks again.
                if (sending.TimeOutAbandonedSend(now, rules) is { } timedOut && await writer.WriteAsync(new StoreWrite(timedOut)) is not null)
                {
                    logger.StateChangedByTimer(sending.Id, sending.State, timedOut.State);
                }
            },
            cancellationToken);
    }
}
