using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Shared by <see cref="CheckCen"/>, <see cref="AttachToOfficeSite"/> and the timer: records attempts and their
/// outcomes, reads Alibaba's list of office networks, and records which verification an attachment completes, so that
/// it completes only one.
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
    /// <param name="start">The rule that yields the record of the attempt.</param>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="cancellationToken">Cancels the request; ignored after the first write.</param>
    /// <exception cref="StoreUnavailableException">
    /// The store did not confirm the record, so Alibaba must not be called. If the record is stored later, the attempt
    /// times out.
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
            // The key is read last, as in CodeSender.
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
                // The key is written when an attempt starts, so the key alone does not prove success: the office
                // network must be the same too.
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
                    // An abandoned send counts as timed out, even if the timer has not recorded this yet.
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
    /// <param name="attempt">The attempt that attached it.</param>
    /// <param name="key">The idempotency key of a request whose key is not recorded with the attempt.</param>
    internal async Task<CodeUseResult> CompleteAsync(
        Verification started, AttachAttempt attempt, IdempotencyKey? key = null)
    {
        try
        {
            // Recorded before the completion: after a crash in between, the attachment completes no other verification.
            await RecordOwnerAsync(attempt.OfficeSiteId, started.Id, store.UtcNow);
            var completed = await ChangeAsync(
                started, attempt, current => current.Attached(attempt, note: null, store.UtcNow), key);
            return Completed(completed, attempt);
        }
        catch (Exception e)
        {
            // The attempt stays recorded. The next read of Alibaba's list completes the verification.
            logger.AttachNotRecorded(e, started.Id, "attached");
            return new CodeUseResult.Failed(
                started, new EcdFailure.Unknown("the CEN is attached, and that could not be recorded"));
        }
    }

    private static CodeUseResult Completed(Verification completed, AttachAttempt attempt) => completed switch
    {
        // Another caller read the list before it showed the attachment, and has started an attempt since.
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
                : Completed(completed, attempt);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, started.Id, "accepted");
            return new CodeUseResult.Failed(
                started, new EcdFailure.Unknown("Alibaba accepted the attachment, and that could not be recorded"));
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

    /// <summary>Changes a verification if the attempt is still the recorded one.</summary>
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

    /// <summary>The office network has no CEN, or another one.</summary>
    NotAttached,

    /// <summary>
    /// The attachment is in progress, the office network is not in the list, or the list is unavailable.
    /// </summary>
    Unknown,

    /// <summary>The app lacks the permission to read the list.</summary>
    Forbidden,
}
