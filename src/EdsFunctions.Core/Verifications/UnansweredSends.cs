namespace EdsFunctions.Core.Verifications;

/// <summary>Sends whose caller is still to be told how they ended.</summary>
public sealed class UnansweredSends(IVerificationStore store, VerificationWriter writer)
{
    /// <summary>Records whether the one who asked for a send is still to be told how it ended.</summary>
    /// <param name="sent">The verification as it was recorded for that send.</param>
    /// <param name="unanswered">If so, the timer reports the send once it has failed.</param>
    internal Task SetAsync(Verification sent, bool unanswered) => writer.ChangeAsync<object>(async _ =>
        await store.GetAsync(sent.Id, CancellationToken.None) is { } found
        && found.SendCount == sent.SendCount
        && found.Unanswered != unanswered
        && found.IsCurrent(store.UtcNow)
            ? new(found with { Unanswered = unanswered })
            : new(Next: null));
}
