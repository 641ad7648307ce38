using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Attaches the CEN of a verification to an office network, and completes the verification. Records the attempt,
/// without the code, before it calls Alibaba. If the outcome of an earlier attempt is unknown, reads Alibaba's list of
/// office networks before it attaches the CEN again.
/// </summary>
public sealed class AttachToOfficeSite(
    IVerificationStore store, Attachments attachments, RepeatedRequests repeats, EcdClient ecd, SendRules rules)
{
    /// <summary>A request to attach a CEN.</summary>
    /// <param name="Id">The verification.</param>
    /// <param name="OfficeSiteId">The office network.</param>
    /// <param name="Code">The code; null if the caller owns the CEN.</param>
    /// <param name="By">The person or program that attaches the CEN, as the caller names it.</param>
    public sealed record Request(Guid Id, OfficeSiteId OfficeSiteId, VerifyCode? Code, string? By);

    /// <param name="request">The request.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    public async Task<CodeUseResult> RunAsync(Request request, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var site = request.OfficeSiteId.Value;
        if (await store.GetAsync(request.Id, cancellationToken) is { IsOpen: true, Attaching: { } earlier } before
            && !before.IsAttachInProgress(store.UtcNow, rules))
        {
            // Look for a repeat before an earlier attempt is completed. The response about that attempt must not be
            // saved under the key of another request.
            if (await repeats.FindAsync(key, cancellationToken) is { IsFinal: true } repeat)
            {
                return new CodeUseResult.Repeated(repeat);
            }

            // The earlier attempt has timed out. Alibaba's list of office networks shows whether it succeeded.
            var status = await attachments.GetStatusAsync(before.Target, earlier.OfficeSiteId);
            if (status == AttachmentStatus.Attached)
            {
                var completing = earlier.OfficeSiteId == site ? key : null;
                return await attachments.CompleteAsync(before, earlier, completing) switch
                {
                    CodeUseResult.Attached other when earlier.OfficeSiteId != site =>
                        new CodeUseResult.AlreadyClosed(other.Verification),
                    var completed => completed,
                };
            }

            if (status != AttachmentStatus.NotAttached
                && earlier.OfficeSiteId != site
                && before.MayStillAttach(store.UtcNow))
            {
                return new CodeUseResult.InProgress(before);
            }
        }

        AttachAttempt? attempt = null;
        var (started, refusal) = await attachments.StartAsync(
            request.Id,
            site,
            (found, now) => found.BeginAttach(attempt = new AttachAttempt(site, now, request.By)),
            key,
            cancellationToken);
        if (started is null)
        {
            return refusal!;
        }

        if (started.Attaching != attempt)
        {
            // The write took so long that the attempt timed out, and another request changed the verification.
            return started.IsOpen ? new CodeUseResult.InProgress(started) : new CodeUseResult.AlreadyClosed(started);
        }

        var operation = new AttachCen(started.Target, request.OfficeSiteId, request.Code);
        var outcome = store.UtcNow - attempt!.StartedAt <= rules.DispatchDeadline
            ? await ecd.CallAsync(operation, CancellationToken.None)
            : new EcdFailure.NotSent("it took too long to record the attachment");
        return await outcome.Match(
            async accepted => await attachments.GetStatusAsync(started.Target, site)
                is AttachmentStatus.Attached or AttachmentStatus.Forbidden
                ? await attachments.CompleteAsync(started, attempt)
                : await attachments.AcceptAsync(started, attempt),
            failure => failure.Match(
                rejected => attachments.ReleaseAsync(started, attempt, rejected),
                notSent => attachments.ReleaseAsync(started, attempt, notSent),
                // If Alibaba's list does not show the attachment, the attachment can still be in progress.
                async unknown => await attachments.GetStatusAsync(started.Target, site) == AttachmentStatus.Attached
                    ? await attachments.CompleteAsync(started, attempt)
                    : new CodeUseResult.Failed(started, unknown)));
    }
}
