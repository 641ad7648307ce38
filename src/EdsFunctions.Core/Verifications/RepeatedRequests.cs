namespace EdsFunctions.Core.Verifications;

/// <summary>Knows requests with an idempotency key again, and the answers that they got.</summary>
public sealed class RepeatedRequests(IVerificationStore store, ILogger<RepeatedRequests> logger)
{
    /// <summary>What an earlier request with a key has changed; null if there was none.</summary>
    public async Task<Repeat?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await store.FindKeyAsync(key.Hash, cancellationToken) is not { } known ? null
        : known.Key.Fingerprint != key.Fingerprint ? new Repeat(KeyReused: true)
        : new Repeat(await store.GetAsync(known.VerificationId, cancellationToken), known.Response);

    /// <summary>Keeps the answer to a request, for its repeats. The request itself does not fail over it.</summary>
    public async Task SaveResponseAsync(IdempotencyKey key, string answer)
    {
        try
        {
            await store.SaveResponseAsync(key.Hash, answer);
        }
        catch (Exception e)
        {
            // A repeat is then answered from the record.
            logger.ResponseNotSaved(e);
        }
    }
}

/// <summary>A request that came before.</summary>
/// <param name="Verification">The verification that it changed, as it stands now; null if it is not on record.</param>
/// <param name="Response">What it was answered; null if that is not known.</param>
/// <param name="KeyReused">Whether the key came with another request.</param>
public sealed record Repeat(Verification? Verification = null, string? Response = null, bool KeyReused = false);
