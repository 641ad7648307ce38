namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Records the late replies that could not be delivered to a chat. A reply is late if the chat platform stopped waiting
/// for it before the command ended.
/// </summary>
public sealed class UndeliveredReplies(IVerificationStore store, VerificationWriter writer)
{
    /// <summary>Records whether the caller of a send still has to receive its outcome.</summary>
    /// <param name="sent">The verification as recorded with the send.</param>
    /// <param name="isUndelivered">
    /// Whether the caller has not received the outcome. If so, the timer reports a failure of the send.
    /// </param>
    internal Task SetUndeliveredAsync(Verification sent, bool isUndelivered) => writer.ChangeAsync<object>(async _ =>
        await store.GetAsync(sent.Id, CancellationToken.None) is { } found
        && found.SendCount == sent.SendCount
        && found.OutcomeUndelivered != isUndelivered
        && found.IsCurrent(store.UtcNow)
            ? new(found with { OutcomeUndelivered = isUndelivered })
            : new(Next: null));

    /// <summary>
    /// Saves a reply with its verification. Does nothing if the verification is closed, because its record then shows
    /// the outcome, or if a later check or attachment has started.
    /// </summary>
    /// <param name="id">The verification.</param>
    /// <param name="key">
    /// The idempotency key of the command, from whose time a later check or attachment is recognized.
    /// </param>
    /// <param name="text">The lines of the reply.</param>
    internal Task SaveAsync(Guid id, IdempotencyKey key, string text) => writer.ChangeAsync<object>(async _ =>
    {
        var startedAt = (await store.FindKeyAsync(key.Hash, CancellationToken.None))?.CreatedAt;
        return await store.GetAsync(id, CancellationToken.None) is { IsOpen: true } found
            // Compare in milliseconds, because the store keeps the time of a key in milliseconds.
            && !(found.CodeUsedAt?.ToUnixTimeMilliseconds() > startedAt?.ToUnixTimeMilliseconds())
            ? new(found with { LateReply = new LateReply(store.UtcNow, text) })
            : new(Next: null);
    });
}
