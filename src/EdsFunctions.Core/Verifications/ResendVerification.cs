namespace EdsFunctions.Core.Verifications;

/// <summary>Resends the code of an open verification, because someone asks for exactly that.</summary>
public sealed class ResendVerification(IVerificationStore store, CodeSender sender, SendRules rules)
{
    /// <summary>Someone asks for a code again.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="By">Who asks for it; null to leave that as it is.</param>
    /// <param name="Note">What for; null to leave that as it is.</param>
    public sealed record Request(Guid Id, string? By = null, string? Note = null);

    /// <param name="request">The request.</param>
    /// <param name="key">The caller's name for the request, if there is one.</param>
    /// <param name="cancellationToken">Cancels the request until its first write; then it goes on to its end.</param>
    /// <param name="recorded">Gets the verification once the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<SendVerification.Result> RunAsync(
        Request request,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? recorded = null) => sender.SendAsync(
        key,
        async cancel => await store.GetAsync(request.Id, cancel) is { } found
            ? found.Resend(request.By, request.Note, store.UtcNow, rules)
            : new SendVerification.Result.NotFound(),
        recorded,
        cancellationToken);
}
