namespace EdsFunctions.Core.Verifications;

/// <summary>Resends the code of an open verification.</summary>
public sealed class ResendVerification(IVerificationStore store, CodeSender sender, SendRules rules)
{
    /// <summary>A request to resend a code.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="By">The person or program that requests the code; null to keep the earlier value.</param>
    /// <param name="Note">The purpose; null to keep the earlier value.</param>
    public sealed record Request(Guid Id, string? By = null, string? Note = null);

    /// <param name="request">The request.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    /// <param name="onRecorded">Called with the verification when the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<SendVerification.Result> RunAsync(
        Request request,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? onRecorded = null) => sender.SendAsync(
        key,
        async cancel => await store.GetAsync(request.Id, cancel) is { } found
            ? found.Resend(request.By, request.Note, store.UtcNow, rules)
            : new SendVerification.Result.NotFound(),
        onRecorded,
        cancellationToken);
}
