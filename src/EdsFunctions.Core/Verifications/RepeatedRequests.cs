namespace EdsFunctions.Core.Verifications;

/// <summary>Recognizes requests that repeat an earlier one, by their idempotency key.</summary>
public sealed class RepeatedRequests(IVerificationStore store, ILogger<RepeatedRequests> logger)
{
    /// <summary>The earlier request with a key; null if there was none.</summary>
    /// <param name="key">The key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task<Repeat?> FindAsync(IdempotencyKey? key, CancellationToken cancellationToken) =>
        key is null || await store.FindKeyAsync(key.Hash, cancellationToken) is not { } entry ? null
        : entry.Key != key ? new Repeat(entry, KeyReused: true)
        : new Repeat(entry, KeyReused: false, await store.GetAsync(entry.VerificationId, cancellationToken));

    /// <summary>
    /// Stores the response to a request, so that a repeat gets the same response. Never throws, because the request
    /// itself has succeeded.
    /// </summary>
    public async Task SaveResponseAsync(IdempotencyKey key, string response)
    {
        try
        {
            await store.SaveResponseAsync(key, response);
        }
        catch (Exception e)
        {
            // If the response is not stored, a repeat gets a response that is made from the record.
            logger.ResponseNotSaved(e);
        }
    }
}

/// <summary>An earlier request with the same key.</summary>
/// <param name="Entry">The stored key.</param>
/// <param name="KeyReused">Whether the key was used for a different request.</param>
/// <param name="Verification">
/// The current record of the verification that the earlier request changed; null if it was deleted, or if the key was
/// reused.
/// </param>
public sealed record Repeat(IdempotencyEntry Entry, bool KeyReused, Verification? Verification = null)
{
    /// <summary>The response to the earlier request; null if none was stored.</summary>
    public string? Response => KeyReused ? null : Entry.Response;

    /// <summary>
    /// Whether a repeat gets the earlier result in any case. Otherwise, the state of the verification decides whether
    /// the app processes the repeat like a new request.
    /// </summary>
    public bool IsFinal => KeyReused || Response is not null;
}
