namespace EdsFunctions.Core.Verifications;

/// <summary>Closes a verification at the request of a person.</summary>
public sealed class CloseVerification(
    IVerificationStore store, VerificationWriter writer, RepeatedRequests repeats, SendRules rules)
{
    /// <summary>A request to close a verification.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="State">Completed or cancelled.</param>
    /// <param name="By">The person or program that closes the verification, as the caller names it.</param>
    /// <param name="Note">The reason for the close, as the caller states it.</param>
    public sealed record Request(Guid Id, VerificationState State, string? By = null, string? Note = null);

    /// <param name="request">The request.</param>
    /// <param name="key">
    /// The idempotency key, which is written together with the closed verification; null if the caller sent none.
    /// </param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    /// <exception cref="StoreUnavailableException">It is unknown whether the verification is closed.</exception>
    public async Task<Result> RunAsync(Request request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (closed, refusal) = await writer.ChangeAsync<Result>(async conflicts =>
        {
            var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
            // Read the verification before the idempotency key: see CodeSender for the reason.
            var found = await store.GetAsync(request.Id, cancel);
            if (await repeats.FindAsync(key, cancel) is { } repeat)
            {
                return new Result.Repeated(repeat);
            }

            if (found is null)
            {
                return new Result.NotFound();
            }

            var now = store.UtcNow;
            var change = found.Close(request.State, request.By, request.Note, now, rules);
            return key is null || change.Next is null
                ? change
                : change with { Key = new IdempotencyEntry(key, found.Id, change.Next.SendCount, now) };
        });
        return closed is null ? refusal! : new Result.Closed(closed);
    }

    /// <summary>The result of a request to close a verification.</summary>
    public abstract record Result
    {
        /// <summary>The verification is closed now.</summary>
        public sealed record Closed(Verification Verification) : Result;

        /// <summary>The verification was closed before; nothing was done.</summary>
        public sealed record AlreadyClosed(Verification Verification) : Result;

        /// <summary>A code is being sent; nothing was done.</summary>
        public sealed record InProgress(Verification Verification) : Result;

        /// <summary>No verification has the id.</summary>
        public sealed record NotFound : Result;

        /// <summary>The request is a repeat; nothing was done.</summary>
        public sealed record Repeated(Repeat Repeat) : Result;
    }
}
