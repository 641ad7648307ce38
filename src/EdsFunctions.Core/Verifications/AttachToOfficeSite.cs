using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Attaches the CEN of a verification to an office network, and completes the verification. That the code is about to
/// be used is on record before Alibaba is called; the code itself never is. Nothing is asked for twice on a guess: if
/// it is not known whether a CEN was attached, Alibaba's own list of office networks decides.
/// </summary>
public sealed class AttachToOfficeSite(
    IVerificationStore store, Attachments attachments, EcdClient ecd, SendRules rules)
{
    /// <summary>How long an attachment with an unknown outcome keeps the CEN from another office network.</summary>
    private static readonly TimeSpan OtherSiteAfter = TimeSpan.FromMinutes(15);

    /// <summary>Someone asks to attach a CEN.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="OfficeSiteId">The office network.</param>
    /// <param name="Code">The code; null where the caller owns the CEN.</param>
    /// <param name="By">Who asks for it.</param>
    public sealed record Request(Guid Id, OfficeSiteId OfficeSiteId, VerifyCode? Code, string? By);

    /// <param name="request">The request.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    public async Task<Result> RunAsync(Request request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var site = request.OfficeSiteId.Value;
        if (await store.GetAsync(request.Id, cancellationToken) is { IsOpen: true, Attaching: { } lost } before
            && !before.IsAttachInProgress(store.UtcNow, rules))
        {
            // The process died, or no one knows what became of its call: only Alibaba does.
            var status = await attachments.GetStatusAsync(before.Target, lost.OfficeSiteId);
            if (status == AttachmentStatus.Attached)
            {
                return await attachments.CompleteAsync(before, lost) switch
                {
                    Result.Attached other when lost.OfficeSiteId != site =>
                        new Result.AlreadyClosed(other.Verification),
                    var completed => completed,
                };
            }

            if (status != AttachmentStatus.NotAttached && lost.OfficeSiteId != site && store.UtcNow - lost.StartedAt < OtherSiteAfter)
            {
                return new Result.InProgress(before);
            }
        }

        AttachAttempt? attempt = null;
        var (begun, refusal) = await attachments.BeginAsync(
            request.Id,
            site,
            (found, now) => found.BeginAttach(attempt = new AttachAttempt(site, now, request.By)),
            key,
            cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        if (begun.Attaching != attempt)
        {
            // It took so long that the attempt timed out, and another request has begun or closed it since.
            return begun.IsOpen ? new Result.InProgress(begun) : new Result.AlreadyClosed(begun);
        }

        var operation = new AttachCen(begun.Target, request.OfficeSiteId, request.Code);
        var outcome = store.UtcNow - attempt!.StartedAt <= rules.DispatchDeadline
            ? await ecd.CallAsync(operation, CancellationToken.None)
            : new EcdFailure.NotSent("it took too long to record it");
        return await outcome.Match(
            async accepted => await attachments.GetStatusAsync(begun.Target, site) is AttachmentStatus.Attached or AttachmentStatus.Forbidden
                ? await attachments.CompleteAsync(begun, attempt)
                : await attachments.AcceptAsync(begun, attempt),
            failure => failure.Match(
                rejected => attachments.ReleaseAsync(begun, attempt, rejected),
                notSent => attachments.ReleaseAsync(begun, attempt, notSent),
                // What is not attached yet can still be in progress.
                async unknown => await attachments.GetStatusAsync(begun.Target, site) == AttachmentStatus.Attached
                    ? await attachments.CompleteAsync(begun, attempt)
                    : new Result.Failed(begun, unknown)));
    }

    /// <summary>What became of a wish to check or to attach a CEN.</summary>
    public abstract record Result
    {
        /// <summary>Whether a repeat of the request gets this result as well, and does not try again.</summary>
        public bool IsFinal => this is Attached or Checked
            || this is Failed { Failure: EcdFailure.Rejected { Error.Kind: not EcdErrorKind.Throttled } };

        /// <summary>There is none with that id.</summary>
        public sealed record NotFound : Result;

        /// <summary>It is closed; nothing was done.</summary>
        public sealed record AlreadyClosed(Verification Verification) : Result;

        /// <summary>A code is being sent, or the CEN is being attached; nothing was done.</summary>
        public sealed record InProgress(Verification Verification) : Result;

        /// <summary>The verification names no CEN, so that there is nothing to attach; nothing was done.</summary>
        public sealed record WithoutCen(Verification Verification) : Result;

        /// <summary>The code was checked too often lately; nothing was done.</summary>
        public sealed record TooManyChecks(Verification Verification, TimeSpan RetryAfter) : Result;

        /// <summary>The request came before; nothing was done.</summary>
        public sealed record Repeated(Repeat Repeat) : Result;

        /// <summary>Alibaba has looked at it.</summary>
        public sealed record Checked(Verification Verification, CenCheck Check) : Result;

        /// <summary>The CEN is attached, and the verification completed.</summary>
        public sealed record Attached(Verification Verification) : Result;

        /// <summary>Alibaba has accepted it, and does not show it yet; the timer looks again.</summary>
        public sealed record Accepted(Verification Verification) : Result;

        /// <summary>It is not known to be done; unless the outcome is unknown, nothing was done.</summary>
        /// <param name="Verification">The verification, open as before.</param>
        /// <param name="Failure">Why.</param>
        public sealed record Failed(Verification Verification, EcdFailure Failure) : Result;
    }
}
