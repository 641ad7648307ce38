using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using static EdsFunctions.Core.Verifications.AttachToOfficeSite;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// What <see cref="CheckCen"/>, <see cref="AttachToOfficeSite"/> and the timer share: records that a code is used and
/// how that ended, looks in Alibaba's list of office networks, and knows which verification an attachment has
/// completed, so that none completes two.
/// </summary>
public sealed class Attachments(
    IVerificationStore store,
    VerificationWriter writer,
    RepeatedRequests repeats,
    EcdClient ecd,
    SendRules rules,
    ILogger<Attachments> logger)
{
    /// <summary>What Alibaba's list says of the office network.</summary>
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

    /// <summary>Records that a code is about to be used.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="officeSiteId">The office network to attach to; null to attach nothing.</param>
    /// <param name="begin">Decides what to record.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    internal async Task<(Verification? Begun, Result? Refusal)> BeginAsync(
        Guid id,
        string? officeSiteId,
        Func<Verification, DateTimeOffset, Change<Result>> begin,
        IdempotencyKey? key,
        CancellationToken cancellationToken)
    {
        try
        {
            return await writer.ChangeAsync<Result>(async conflicts =>
            {
                var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
                // The key is read last, as for a send.
                var stored = await store.GetAsync(id, cancel);
                var known = key is null ? null : await store.FindKeyAsync(key.Hash, cancel);
                if (known is not null && (known.Response is not null || known.Key.Fingerprint != key!.Fingerprint))
                {
                    return new Result.Repeated((await repeats.FindAsync(key!, cancel))!);
                }

                var now = store.UtcNow;
                switch (stored)
                {
                    case null:
                        return new Result.NotFound();
                    // Only its own success: the key is written when an attempt begins.
                    case { State: VerificationState.Completed } closed
                        when known is not null && officeSiteId is not null && officeSiteId == closed.OfficeSiteId:
                        return new Result.Repeated(new Repeat(closed));
                    case { IsOpen: false } closed:
                        return new Result.AlreadyClosed(closed);
                    case var busy when busy.IsInProgress(now, rules):
                        return new Result.InProgress(busy);
                    case { Target.CenId: null } without:
                        return new Result.WithoutCen(without);
                    case var found:
                        // An abandoned send counts as timed out, whether or not the timer has seen it.
                        var change = begin(found.TimeOutAbandonedSend(now, rules) ?? found, now);
                        return key is null || change.Next is null
                            ? change
                            : change with { Key = new(key, id, change.Next.SendCount, now, Version: known?.Version) };
                }
            });
        }
        catch (UncertainWriteException e)
        {
            // Nothing was asked of Alibaba. If the write is stored later, it times out as an attempt never made.
            throw new StoreUnavailableException(e);
        }
    }

    /// <summary>Completes a verification whose CEN is attached.</summary>
    internal async Task<Result> CompleteAsync(Verification begun, AttachAttempt attempt)
    {
        try
        {
            // Before the completion: after a crash in between no other verification is completed by this attachment.
            await CreditAsync(attempt.OfficeSiteId, begun.Id, store.UtcNow);
            var completed = await ChangeAsync(
                begun, attempt, current => current.Attached(attempt, note: null, store.UtcNow));
            return Completed(completed, attempt);
        }
        catch (Exception e)
        {
            // It is attached, and the record says that it was to be: the next status finds out.
            logger.AttachNotRecorded(e, begun.Id, "attached");
            return new Result.Failed(begun, new EcdFailure.Unknown("what Alibaba did could not be recorded"));
        }
    }

    private static Result Completed(Verification completed, AttachAttempt attempt) => completed switch
    {
        // Another caller looked before it was attached, and began anew.
        { IsOpen: true } => new Result.InProgress(completed),
        _ when completed.OfficeSiteId == attempt.OfficeSiteId => new Result.Attached(completed),
        _ => new Result.AlreadyClosed(completed),
    };

    /// <summary>Keeps the verification open until Alibaba shows what it has accepted.</summary>
    internal async Task<Result> AcceptAsync(Verification begun, AttachAttempt attempt)
    {
        try
        {
            var accepted = attempt with { AcceptedAt = store.UtcNow };
            var completed = await ChangeAsync(begun, attempt, current => current with { Attaching = accepted });
            return completed.Attaching == accepted ? new Result.Accepted(completed) : Completed(completed, attempt);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, begun.Id, "accepted");
            return new Result.Failed(begun, new EcdFailure.Unknown("what Alibaba did could not be recorded"));
        }
    }

    /// <summary>Takes back that the CEN is about to be attached.</summary>
    internal async Task<Result> ReleaseAsync(Verification begun, AttachAttempt attempt, EcdFailure failure)
    {
        try
        {
            var completed = await ChangeAsync(begun, attempt, current => current with { Attaching = null });
            return completed.IsOpen ? new Result.Failed(completed, failure) : new Result.AlreadyClosed(completed);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, begun.Id, failure.Name());
            return new Result.Failed(begun, failure);
        }
    }

    /// <summary>Changes a verification as long as it is this very attempt that stands on it.</summary>
    private async Task<Verification> ChangeAsync(
        Verification begun, AttachAttempt attempt, Func<Verification, Verification> change)
    {
        var (changed, current) = await writer.ChangeAsync<Verification>(async conflicts =>
        {
            var found = conflicts == 0 ? begun : await store.GetAsync(begun.Id, CancellationToken.None) ?? begun;
            return found.IsOpen && found.Attaching == attempt ? new(change(found)) : new(Next: null, Result: found);
        });
        if (changed is null)
        {
            return current!;
        }

        logger.AttachmentCompleted(changed.Id, attempt.OfficeSiteId, changed.State);
        return changed;
    }

    /// <summary>Records that an attachment belongs to a verification.</summary>
    internal Task CreditAsync(string officeSiteId, Guid verificationId, DateTimeOffset now) => store.SetMarkerAsync(
        MarkerName(officeSiteId),
        string.Create(CultureInfo.InvariantCulture, $"{verificationId} {now:O}"),
        CancellationToken.None);

    /// <summary>Whether an attachment belongs to another verification than one that was created at a time.</summary>
    internal async Task<bool> BelongsToAnotherAsync(
        string officeSiteId, Verification open, CancellationToken cancellationToken) =>
        await store.GetMarkerAsync(MarkerName(officeSiteId), cancellationToken) is { } marker
        && marker.Split(' ') is [var id, var at]
        && id != open.Id.ToString()
        && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) >= open.CreatedAt;

    private static string MarkerName(string officeSiteId) =>
        $"attached-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(officeSiteId)))}";
}

/// <summary>What Alibaba's list says of an attachment.</summary>
internal enum AttachmentStatus
{
    /// <summary>The CEN is attached to the office network.</summary>
    Attached,

    /// <summary>The office network names no CEN, or another one.</summary>
    NotAttached,

    /// <summary>The attachment is not done yet, or the office network is not in the list, or the list cannot be read now.</summary>
    Unknown,

    /// <summary>The app may not read the list.</summary>
    Forbidden,
}
