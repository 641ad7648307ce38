namespace EdsFunctions.Core.Verifications;

/// <summary>Finds the stored response to a request with an idempotency key.</summary>
public sealed class RepeatedRequests(IVerificationStore store, ILogger<RepeatedRequests> logger)
{
    /// <summary>The earlier request with a key; null if there was none.</summary>
    public async Task<Repeat?> FindAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await store.FindKeyAsync(key.Hash, cancellationToken) is not { } known ? null
        : known.Key.Fingerprint != key.Fingerprint ? new Repeat(KeyReused: true)
        : new Repeat(await store.GetAsync(known.VerificationId, cancellationToken), known.Response);

    /// <summary>Stores the response to a request for its repeats. Does not fail: the request has succeeded.</summary>
    public async Task SaveResponseAsync(IdempotencyKey key, string response)
    {
        try
        {
            await store.SaveResponseAsync(key.Hash, response);
        }
        catch (Exception e)
        {
            // A repeat then gets a response made from the record.
            logger.ResponseNotSaved(e);
        }
    }
}

/// <summary>An earlier request with the same key.</summary>
/// <param name="Verification">The verification that it changed, in its current state; null if it was deleted.</param>
/// <param name="Response">The response it got; null if none was stored.</param>
/// <param name="KeyReused">Whether the key was used for another request.</param>
public sealed record Repeat(Verification? Verification = null, string? Response = null, bool KeyReused = false);
