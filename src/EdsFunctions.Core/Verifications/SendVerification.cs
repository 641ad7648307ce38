using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Asks Alibaba for a code, unless one was sent to the target or the request came before.</summary>
public sealed class SendVerification(IVerificationStore store, CodeSender sender, SendRules rules)
{
    /// <summary>Someone asks for a code.</summary>
    /// <param name="Target">Whose code.</param>
    /// <param name="RequestedBy">Who asks, in the caller's words; comes back in reports.</param>
    /// <param name="Note">What for; comes back in reports.</param>
    public sealed record Request(CenTarget Target, string? RequestedBy = null, string? Note = null);

    /// <param name="request">The request.</param>
    /// <param name="key">The caller's name for the request, if there is one.</param>
    /// <param name="cancellationToken">Cancels the request until its first write; then it goes on to its end.</param>
    /// <param name="recorded">Gets the verification once the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<Result> RunAsync(
        Request request,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? recorded = null) => sender.SendAsync(
        key,
        async cancel =>
        {
            var state = await store.GetTargetAsync(request.Target, cancel);
            var now = store.UtcNow;
            if (state.Open is { } open)
            {
                return open.IsSendInProgress(now, rules)
                    ? new Result.InProgress(open)
                    : new Result.AlreadyOpen(open.TimeOutAbandonedSend(now, rules) ?? open);
            }

            if (rules.CooldownLeft(state.LastMailAt, now) is { } cooldown)
            {
                var last = state.LastId is { } id ? await store.GetAsync(id, cancel) : null;
                return new Result.TooSoon(last, cooldown);
            }

            return new(Verification.Begin(request, now, state.LastMailAt), Target: state);
        },
        recorded,
        cancellationToken);

    /// <summary>What became of a request for a code, or to resend one.</summary>
    public abstract record Result
    {
        /// <summary>It was recorded and sent, once; the record says how it ended.</summary>
        public sealed record Sent(Verification Verification) : Result;

        /// <summary>A code was sent for the target before, and the verification is open; nothing was done.</summary>
        public sealed record AlreadyOpen(Verification Open) : Result;

        /// <summary>A code is being sent for the same target, or its CEN is being attached; nothing was done.</summary>
        public sealed record InProgress(Verification Open) : Result;

        /// <summary>A code was sent for the same target within the cooldown; nothing was done.</summary>
        /// <param name="Verification">The verification it was sent for; null if that is no longer on record.</param>
        /// <param name="RetryAfter">How long the cooldown lasts.</param>
        public sealed record TooSoon(Verification? Verification, TimeSpan RetryAfter) : Result;

        /// <summary>The owner got as many e-mails as are allowed in an hour; nothing was done.</summary>
        public sealed record OwnerLimit(TimeSpan RetryAfter) : Result;

        /// <summary>There is no verification to resend; nothing was done.</summary>
        public sealed record NotFound : Result;

        /// <summary>The verification to resend is closed; nothing was done.</summary>
        public sealed record AlreadyClosed(Verification Verification) : Result;

        /// <summary>The request came before; nothing was done.</summary>
        /// <param name="Verification">As it stands now.</param>
        /// <param name="Response">What the first one was answered; null if the process crashed before.</param>
        public sealed record Repeated(Verification Verification, string? Response) : Result;

        /// <summary>The idempotency key came before, with another request; nothing was done.</summary>
        public sealed record KeyReused : Result;
    }
}
