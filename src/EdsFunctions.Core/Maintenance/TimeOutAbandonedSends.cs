using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>Times out sends whose process ended before it recorded the response. Their outcome is unknown.</summary>
public sealed class TimeOutAbandonedSends(
    IVerificationStore store, VerificationWriter writer, SendRules rules, ILogger<TimeOutAbandonedSends> logger)
{
    internal Task RunAsync(IReadOnlyList<Verification> current, CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return EachItem.RunAsync(
            current,
            async read =>
            {
                // After a conflict, the next run reads the record again.
                if (read.TimeOutAbandonedSend(now, rules) is { } timedOut
                    && await writer.WriteAsync(new StoreWrite(timedOut)) is not null)
                {
                    logger.StateChangedByTimer(read.Id, read.State, timedOut.State);
                }
            },
            cancellationToken);
    }
}
