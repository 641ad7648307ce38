using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The steps shared by <see cref="CheckCen"/>, <see cref="AttachToOfficeSite"/> and the timer. Records attempts to
/// check or to attach a CEN and their outcomes, and reads Alibaba's list of office networks. Records which verification
/// an attachment completes, so that it completes only one.
/// </summary>
public sealed class Attachments(
    IVerificationStore store,
    VerificationWriter writer,
    RepeatedRequests repeats,
    EcdClient ecd,
    SendRules rules,
    ILogger<Attachments> logger)
{
    /// <summary>Reads the status of an attachment from Alibaba's list of office networks.</summary>
    internal async Task<AttachmentStatus> GetStatusAsync(CenTarget target, string officeSiteId)
    {
        var outcome = await ecd.CallAsync(
            new DescribeOfficeSites(target.RegionId, officeSiteId, nextToken: null), CancellationToken.None);
        return outcome.Match(
            page => page.Items.FirstOrDefault(site => site.Id == officeSiteId) switch
            {
                null => AttachmentStatus.Unknown,
                { } site when site.CenId != target.CenId => AttachmentStatus.NotAttached,
                { IsAttached: true } => AttachmentStatus.Attached,
                _ => AttachmentStatus.Unknown,
            },
            failure => failure is EcdFailure.Rejected { Error.Kind: EcdErrorKind.Permission }
                ? AttachmentStatus.Forbidden
                : AttachmentStatus.Unknown);
    }

    /// <summary>Records an attempt to check or to attach a CEN.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="officeSiteId">The office network to attach the CEN to; null for a check.</param>
    /// <param name="start">The rule of the verification that creates the record of the attempt.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    /// <exception cref="StoreUnavailableException">
    /// The store did not confirm the record, so the app must not call Alibaba. If the write still reaches the store,
    /// the recorded attempt times out.
    /// </exception>
    internal Task<(Verification? Started, CodeUseResult? Refusal)> StartAsync(
        Guid id,
        string? officeSiteId,
        Func<Verification, DateTimeOffset, Change<CodeUseResult>> start,
        IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        return writer.ChangeAsync<CodeUseResult>(async conflicts =>
        {
            var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
            // Read the verification before the idempotency key: see CodeSender for the reason.
            var stored = await store.GetAsync(id, cancel);
            var earlier = await repeats.FindAsync(key, cancel);
            if (earlier is { IsFinal: true })
            {
                return new CodeUseResult.Repeated(earlier);
            }

            var now = store.UtcNow;
            switch (stored)
            {
                case null:
                    return new CodeUseResult.NotFound();
                // The idempotency key is written when an attempt starts, so the key alone does not prove that the
                // attempt succeeded. The verification must have been completed with the same office network.
                case { State: VerificationState.Completed } closed
                    when earlier is not null && officeSiteId is not null && officeSiteId == closed.OfficeSiteId:
                    return new CodeUseResult.Repeated(earlier with { Verification = closed });
                case { IsOpen: false } closed:
                    return new CodeUseResult.AlreadyClosed(closed);
                case var busy when busy.IsInProgress(now, rules):
                    return new CodeUseResult.InProgress(busy);
                case { Target.CenId: null } without:
                    return new CodeUseResult.WithoutCen(without);
                case var found:
                    // An abandoned send counts as timed out, even if the timer has not recorded its timeout yet.
                    var change = start(found.TimeOutAbandonedSend(now, rules) ?? found, now);
                    return key is null || change.Next is null
                        ? change
                        : change with
                        {
                            Key = new(key, id, change.Next.SendCount, now, Version: earlier?.Entry.Version),
                        };
            }
        });
    }

    /// <summary>Completes a verification whose CEN is attached.</summary>
    /// <param name="started">The verification with the attempt.</param>
    /// <param name="attempt">The attempt that attached the CEN.</param>
    /// <param name="key">
    /// The idempotency key of the request, if it is not recorded with the attempt; otherwise null.
    /// </param>
    internal async Task<CodeUseResult> CompleteAsync(
        Verification started, AttachAttempt attempt, IdempotencyKey? key = null)
    {
        try
        {
            // Record which verification the attachment completes before the completion itself, so that after a crash in
            // between, the attachment completes no other verification.
            await RecordOwnerAsync(attempt.OfficeSiteId, started.Id, store.UtcNow);
            var completed = await ChangeAsync(
                started, attempt, current => current.CompleteAttachment(attempt, note: null, store.UtcNow), key);
            return ToResult(completed, attempt);
        }
        catch (Exception e)
        {
            // The record still has the attempt, so the next read of Alibaba's list completes the verification.
            logger.AttachNotRecorded(e, started.Id, "attached");
            return new CodeUseResult.Failed(
                started, new EcdFailure.Unknown("the CEN is attached, but the app could not record it"));
        }
    }

    private static CodeUseResult ToResult(Verification completed, AttachAttempt attempt) => completed switch
    {
        // Another caller read Alibaba's list before the list showed the attachment, and has started an attempt of its
        // own since.
        { IsOpen: true } => new CodeUseResult.InProgress(completed),
        _ when completed.OfficeSiteId == attempt.OfficeSiteId => new CodeUseResult.Attached(completed),
        _ => new CodeUseResult.AlreadyClosed(completed),
    };

    /// <summary>Keeps the verification open until Alibaba's list shows the accepted attachment.</summary>
    internal async Task<CodeUseResult> AcceptAsync(Verification started, AttachAttempt attempt)
    {
        try
        {
            var accepted = attempt with { AcceptedAt = store.UtcNow };
            var completed = await ChangeAsync(started, attempt, current => current with { Attaching = accepted });
            return completed.Attaching == accepted
                ? new CodeUseResult.Accepted(completed)
                : ToResult(completed, attempt);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, started.Id, "accepted");
            return new CodeUseResult.Failed(
                started, new EcdFailure.Unknown("Alibaba accepted the attachment, but the app could not record it"));
        }
    }

    /// <summary>Removes an attempt that attached nothing.</summary>
    internal async Task<CodeUseResult> ReleaseAsync(Verification started, AttachAttempt attempt, EcdFailure failure)
    {
        try
        {
            var completed = await ChangeAsync(started, attempt, current => current with { Attaching = null });
            return completed.IsOpen
                ? new CodeUseResult.Failed(completed, failure)
                : new CodeUseResult.AlreadyClosed(completed);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, started.Id, failure.Name());
            return new CodeUseResult.Failed(started, failure);
        }
    }

    /// <summary>Changes a verification, unless its record has another attempt by now.</summary>
    private async Task<Verification> ChangeAsync(
        Verification started,
        AttachAttempt attempt,
        Func<Verification, Verification> change,
        IdempotencyKey? key = null)
    {
        var (changed, current) = await writer.ChangeAsync<Verification>(async conflicts =>
        {
            var found = conflicts == 0 ? started : await store.GetAsync(started.Id, CancellationToken.None) ?? started;
            if (!found.IsOpen || found.Attaching != attempt)
            {
                return new(Next: null, Result: found);
            }

            var earlier = await repeats.FindAsync(key, CancellationToken.None);
            return new(change(found), key is null || earlier is { IsFinal: true }
                ? null
                : new(key, found.Id, found.SendCount, store.UtcNow, Version: earlier?.Entry.Version));
        });
        if (changed is null)
        {
            return current!;
        }

        logger.AttachmentCompleted(changed.Id, attempt.OfficeSiteId, changed.State);
        return changed;
    }

    /// <summary>Records the verification that an attachment completes.</summary>
    internal Task RecordOwnerAsync(
        string officeSiteId, Guid verificationId, DateTimeOffset now) => store.SetMarkerAsync(
        MarkerName(officeSiteId),
        string.Create(CultureInfo.InvariantCulture, $"{verificationId} {now:O}"),
        CancellationToken.None);

    /// <summary>Whether an attachment has completed another verification since this one was created.</summary>
    internal async Task<bool> BelongsToAnotherAsync(
        string officeSiteId, Verification open, CancellationToken cancellationToken) =>
        await store.GetMarkerAsync(MarkerName(officeSiteId), cancellationToken) is { } marker
        && marker.Split(' ') is [var id, var at]
        && id != open.Id.ToString()
        && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) >= open.CreatedAt;

    private static string MarkerName(string officeSiteId) =>
        $"attached-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(officeSiteId)))}";
}

/// <summary>The status of an attachment in Alibaba's list.</summary>
internal enum AttachmentStatus
{
    /// <summary>The CEN is attached to the office network.</summary>
    Attached,

    /// <summary>The office network is attached to no CEN, or to another CEN.</summary>
    NotAttached,

    /// <summary>
    /// The attachment is in progress, Alibaba's list does not have the office network, or the list is unavailable.
    /// </summary>
    Unknown,

    /// <summary>The app lacks the permission to read Alibaba's list of office networks.</summary>
    Forbidden,
}
