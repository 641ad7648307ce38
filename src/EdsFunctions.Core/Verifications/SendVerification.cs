using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Sends a code, unless the target has an open verification or the request is a repeat.</summary>
public sealed class SendVerification(IVerificationStore store, CodeSender sender, SendRules rules)
{
    /// <summary>A request for a code.</summary>
    /// <param name="Target">The region, CEN and owner.</param>
    /// <param name="RequestedBy">The person or program that requests the code. Reports include this text.</param>
    /// <param name="Note">The purpose. Reports include this text.</param>
    public sealed record Request(CenTarget Target, string? RequestedBy = null, string? Note = null);

    /// <param name="request">The request.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    /// <param name="onRecorded">Called with the verification when the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<Result> RunAsync(
        Request request,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? onRecorded = null) => sender.SendAsync(
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
        onRecorded,
        cancellationToken);

    /// <summary>The result of a request to send or resend a code.</summary>
    public abstract record Result
    {
        /// <summary>The send was recorded, and was made at most once. The record has its outcome.</summary>
        public sealed record Sent(Verification Verification) : Result;

        /// <summary>The target has an open verification; nothing was done.</summary>
        /// <param name="Open">
        /// The open verification. For a repeat, the verification that was open at the first request, as it is now.
        /// </param>
        /// <param name="IsRepeat">Whether the request is a repeat.</param>
        public sealed record AlreadyOpen(Verification Open, bool IsRepeat = false) : Result;

        /// <summary>A code is being sent for the target, or its CEN is being attached; nothing was done.</summary>
        public sealed record InProgress(Verification Open) : Result;

        /// <summary>A code was sent for the target within the cooldown; nothing was done.</summary>
        /// <param name="Verification">The verification of that code; null if it was deleted.</param>
        /// <param name="RetryAfter">The rest of the cooldown.</param>
        public sealed record TooSoon(Verification? Verification, TimeSpan RetryAfter) : Result;

        /// <summary>The hourly limit of e-mails to the owner is reached; nothing was done.</summary>
        public sealed record OwnerLimit(TimeSpan RetryAfter) : Result;

        /// <summary>All sends are paused (<c>Verifications:SendingPaused</c>); nothing was done.</summary>
        public sealed record Paused : Result;

        /// <summary>No verification has the id; nothing was done.</summary>
        public sealed record NotFound : Result;

        /// <summary>The verification is closed; nothing was done.</summary>
        public sealed record AlreadyClosed(Verification Verification) : Result;

        /// <summary>The request is a repeat; nothing was done.</summary>
        public sealed record Repeated(Repeat Repeat) : Result;
    }
}
