namespace EdsFunctions.Core.Verifications;

/// <summary>Sends whose caller has not received their outcome.</summary>
public sealed class UnansweredSends(IVerificationStore store, VerificationWriter writer)
{
    /// <summary>Records whether the caller of a send still has to receive its outcome.</summary>
    /// <param name="sent">The verification as recorded with the send.</param>
    /// <param name="unanswered">If true, the timer reports the send if it fails.</param>
    internal Task SetAsync(Verification sent, bool unanswered) => writer.ChangeAsync<object>(async _ =>
        await store.GetAsync(sent.Id, CancellationToken.None) is { } found
        && found.SendCount == sent.SendCount
        && found.Unanswered != unanswered
        && found.IsCurrent(store.UtcNow)
            ? new(found with { Unanswered = unanswered })
            : new(Next: null));
}
