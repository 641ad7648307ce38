using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A step of the timer. Deletes old idempotency keys and, if <c>Verifications:KeepClosedFor</c> is set, old closed
/// verifications.
/// </summary>
public sealed class CleanUp(IVerificationStore store, IOptions<VerificationOptions> options)
{
    internal Task RunAsync(CancellationToken cancellationToken)
    {
        var now = store.UtcNow;
        return store.CleanUpAsync(
            now - IdempotencyKey.KeptFor,
            options.Value.KeepClosedFor is { } keep ? now - keep : null,
            cancellationToken);
    }
}
