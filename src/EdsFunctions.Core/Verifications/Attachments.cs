using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Uses a code: checks it, attaches the CEN, and closes the verification. That it is about to be used is on record before Alibaba is
/// called; the code itself never is. Nothing is asked for twice on a guess: where nobody knows whether a CEN was attached, Alibaba's own
/// list of office networks decides.
/// </summary>
public sealed class Attachments(
    IVerificationStore store,
    VerificationWriter writer,
    RepeatedRequests repeats,
    EcdClient ecd,
    AttachmentCredits credits,
    SendRules rules,
    ILogger<Attachments> logger)
{
    /// <summary>How long an attachment with an unknown outcome keeps the CEN from being attached to another office network.</summary>
    private static readonly TimeSpan OtherSiteAfter = TimeSpan.FromMinutes(15);

    /// <summary>Asks whether the CEN of a verification can be attached. A wrong code counts as a try at Alibaba's.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="cidrBlock">The addresses of the office network.</param>
    /// <param name="code">The code; null where the caller owns the CEN.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    public async Task<AttachResult> CheckAsync(
        Guid id, CidrBlock cidrBlock, VerifyCode? code, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (begun, refusal) = await BeginAsync(
            id, officeSiteId: null, (found, now) => found.BeginCheck(now), key, cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        var outcome = await ecd.CallAsync(new VerifyCen(begun.Target, cidrBlock, code), CancellationToken.None);
        return outcome.Match<AttachResult>(
            check => new AttachResult.Checked(begun, check), failure => new AttachResult.Failed(begun, failure));
    }

    /// <summary>Attaches the CEN of a verification to an office network, and completes the verification.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="officeSiteId">The office network.</param>
    /// <param name="code">The code; null where the caller owns the CEN.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    public async Task<AttachResult> AttachAsync(
        Guid id, OfficeSiteId officeSiteId, VerifyCode? code, string? by, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(id, cancellationToken) is { IsOpen: true, Attaching: { } lost } before
            && !before.IsAttachUnderWay(store.UtcNow, rules))
        {
            // The process died, or no one knows what became of its call: only Alibaba does.
            var look = await LookAsync(before.Target, lost.OfficeSiteId);
            if (look == Look.Attached)
            {
                return await CompleteAsync(before, lost) switch
                {
                    AttachResult.Attached other when lost.OfficeSiteId != officeSiteId.Value => new AttachResult.AlreadyClosed(other.Verification),
                    var completed => completed,
                };
            }

            if (look != Look.NotAttached && lost.OfficeSiteId != officeSiteId.Value && store.UtcNow - lost.StartedAt < OtherSiteAfter)
            {
                return new AttachResult.InProgress(before);
            }
        }

        AttachAttempt? attempt = null;
        var (begun, refusal) = await BeginAsync(
            id,
            officeSiteId.Value,
            (found, now) => new(found.BeginAttach(attempt = new AttachAttempt(officeSiteId.Value, now, by))),
            key,
            cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        if (begun.Attaching != attempt)
        {
            // It took so long that the attempt timed out, and another request has begun or closed it since.
            return begun.IsOpen ? new AttachResult.InProgress(begun) : new AttachResult.AlreadyClosed(begun);
        }

        var outcome = store.UtcNow - attempt!.StartedAt <= rules.BeginWithin
            ? await ecd.CallAsync(new AttachCen(begun.Target, officeSiteId, code), CancellationToken.None)
            : new EcdFailure.NotSent("it took too long to record it");
        return await outcome.Match(
            async accepted => await LookAsync(begun.Target, attempt.OfficeSiteId) is Look.Attached or Look.Forbidden
                ? await CompleteAsync(begun, attempt)
                : await AcceptAsync(begun, attempt),
            failure => failure.Match(
                rejected => ReleaseAsync(begun, attempt, rejected),
                notSent => ReleaseAsync(begun, attempt, notSent),
                // What is not attached yet can still be in progress.
                async unknown => await LookAsync(begun.Target, attempt.OfficeSiteId) == Look.Attached
                    ? await CompleteAsync(begun, attempt)
                    : new AttachResult.Failed(begun, unknown)));
    }

    /// <summary>Completes an attachment that Alibaba has accepted, if its list shows it by now.</summary>
    internal async Task CompleteAcceptedAsync(Verification open)
    {
        var attempt = open.Attaching!;
        var look = await LookAsync(open.Target, attempt.OfficeSiteId);
        if (look == Look.Attached)
        {
            await CompleteAsync(open, attempt);
        }
        else if (!open.IsAttachUnderWay(store.UtcNow, rules) && look == Look.NotAttached)
        {
            await ReleaseAsync(open, attempt, new EcdFailure.NotSent("nothing is attached"));
        }
    }

    /// <summary>What Alibaba's list says of the office network.</summary>
    private async Task<Look> LookAsync(CenTarget target, string officeSiteId)
    {
        var outcome = await ecd.CallAsync(
            new DescribeOfficeSites(target.RegionId, officeSiteId, nextToken: null), CancellationToken.None);
        return outcome.Match(
            page => page.Items.FirstOrDefault(site => site.Id == officeSiteId) switch
            {
                null => Look.Unclear,
                { } site when site.CenId != target.CenId => Look.NotAttached,
                { IsAttached: true } => Look.Attached,
                _ => Look.Unclear,
            },
            failure => failure is EcdFailure.Rejected { Error.Kind: EcdErrorKind.Permission }
                ? Look.Forbidden
                : Look.Unclear);
    }

    private async Task<(Verification? Begun, AttachResult? Refusal)> BeginAsync(
        Guid id, string? officeSiteId, Func<Verification, DateTimeOffset, Change<AttachResult>> begin, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.ChangeAsync<AttachResult>(async conflicts =>
            {
                var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
                // The key is read last, as for a send.
                var stored = await store.GetAsync(id, cancel);
                var known = key is null ? null : await store.FindKeyAsync(key.Hash, cancel);
                if (known is not null && (known.Answer is not null || known.Key.Fingerprint != key!.Fingerprint))
                {
                    return new AttachResult.Repeated((await repeats.FindAsync(key!, cancel))!);
                }

                var now = store.UtcNow;
                switch (stored)
                {
                    case null:
                        return new AttachResult.NotFound();
                    // Only its own success: the key is written when an attempt begins.
                    case { State: VerificationState.Completed } closed
                        when known is not null && officeSiteId is not null && officeSiteId == closed.OfficeSiteId:
                        return new AttachResult.Repeated(new Repeat(closed));
                    case { IsOpen: false } closed:
                        return new AttachResult.AlreadyClosed(closed);
                    case var busy when busy.IsInProgress(now, rules):
                        return new AttachResult.InProgress(busy);
                    case { Target.CenId: null } without:
                        return new AttachResult.WithoutCen(without);
                    case var found:
                        // An abandoned send counts as timed out, whether or not the timer has seen it.
                        var change = begin(found.GiveUpOrphan(now, rules) ?? found, now);
                        return key is null || change.Next is null
                            ? change
                            : change with { Key = new IdempotencyEntry(key, id, change.Next.SendCount, now, Version: known?.Version) };
                }
            });
        }
        catch (UncertainWriteException e)
        {
            // Nothing was asked of Alibaba. If the write is stored later, it times out as an attempt that was never made.
            throw new StoreUnavailableException(e);
        }
    }

    private async Task<AttachResult> CompleteAsync(Verification begun, AttachAttempt attempt)
    {
        try
        {
            // Before the completion: after a crash in between no other verification is completed by this attachment.
            await credits.AddAsync(attempt.OfficeSiteId, begun.Id, store.UtcNow);
            var settled = await ChangeAsync(begun, attempt, current => current.Attached(attempt, note: null, store.UtcNow));
            return Settled(settled, attempt);
        }
        catch (Exception e)
        {
            // It is attached, and the record says that it was to be: the next look finds out.
            logger.AttachNotRecorded(e, begun.Id, "attached");
            return new AttachResult.Failed(begun, new EcdFailure.Unknown("what Alibaba did could not be recorded"));
        }
    }

    private static AttachResult Settled(Verification settled, AttachAttempt attempt) => settled switch
    {
        // Another caller looked before it was attached, and began anew.
        { IsOpen: true } => new AttachResult.InProgress(settled),
        _ when settled.OfficeSiteId == attempt.OfficeSiteId => new AttachResult.Attached(settled),
        _ => new AttachResult.AlreadyClosed(settled),
    };

    /// <summary>Keeps the verification open until Alibaba shows what it has accepted.</summary>
    private async Task<AttachResult> AcceptAsync(Verification begun, AttachAttempt attempt)
    {
        try
        {
            var accepted = attempt with { AcceptedAt = store.UtcNow };
            var settled = await ChangeAsync(begun, attempt, current => current with { Attaching = accepted });
            return settled.Attaching == accepted ? new AttachResult.Accepted(settled) : Settled(settled, attempt);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, begun.Id, "accepted");
            return new AttachResult.Failed(begun, new EcdFailure.Unknown("what Alibaba did could not be recorded"));
        }
    }

    private async Task<AttachResult> ReleaseAsync(Verification begun, AttachAttempt attempt, EcdFailure failure)
    {
        try
        {
            var settled = await ChangeAsync(begun, attempt, current => current with { Attaching = null });
            return settled.IsOpen ? new AttachResult.Failed(settled, failure) : new AttachResult.AlreadyClosed(settled);
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, begun.Id, failure.Name());
            return new AttachResult.Failed(begun, failure);
        }
    }

    /// <summary>Changes a verification as long as it is this very attempt that stands on it.</summary>
    private async Task<Verification> ChangeAsync(Verification begun, AttachAttempt attempt, Func<Verification, Verification> change)
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

        logger.AttachSettled(changed.Id, attempt.OfficeSiteId, changed.State);
        return changed;
    }
}

/// <summary>What became of a wish to check or to attach a CEN.</summary>
public abstract record AttachResult
{
    /// <summary>Whether a repeat of the request gets this result as well, and does not try again.</summary>
    public bool IsFinal => this is Attached or Checked
        || this is Failed { Failure: EcdFailure.Rejected { Error.Kind: not EcdErrorKind.Throttled } };

    /// <summary>There is none with that id.</summary>
    public sealed record NotFound : AttachResult;

    /// <summary>It is closed; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : AttachResult;

    /// <summary>A code is being sent, or the CEN is being attached; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : AttachResult;

    /// <summary>The verification names no CEN, so that there is nothing to attach; nothing was done.</summary>
    public sealed record WithoutCen(Verification Verification) : AttachResult;

    /// <summary>The code was checked too often lately; nothing was done.</summary>
    public sealed record TooManyChecks(Verification Verification, TimeSpan RetryAfter) : AttachResult;

    /// <summary>The request came before; nothing was done.</summary>
    public sealed record Repeated(Repeat Repeat) : AttachResult;

    /// <summary>Alibaba has looked at it.</summary>
    public sealed record Checked(Verification Verification, CenCheck Check) : AttachResult;

    /// <summary>The CEN is attached, and the verification completed.</summary>
    public sealed record Attached(Verification Verification) : AttachResult;

    /// <summary>Alibaba has accepted it, and does not show it yet; the timer looks again.</summary>
    public sealed record Accepted(Verification Verification) : AttachResult;

    /// <summary>It is not known to be done; unless the outcome is unknown, nothing was done.</summary>
    /// <param name="Verification">The verification, open as before.</param>
    /// <param name="Failure">Why.</param>
    public sealed record Failed(Verification Verification, EcdFailure Failure) : AttachResult;
}

/// <summary>What Alibaba's list says of an attachment.</summary>
internal enum Look
{
    /// <summary>The CEN is attached to the office network.</summary>
    Attached,

    /// <summary>The office network names no CEN, or another one.</summary>
    NotAttached,

    /// <summary>The attachment is not done yet, or the office network is not in the list, or the list cannot be read now.</summary>
    Unclear,

    /// <summary>The app may not read the list.</summary>
    Forbidden,
}

/// <summary>Which verification an attachment has completed, so that none completes two.</summary>
public sealed class AttachmentCredits(IVerificationStore store)
{
    /// <summary>Records that an attachment belongs to a verification.</summary>
    public Task AddAsync(string officeSiteId, Guid verificationId, DateTimeOffset now) => store.SetNoteAsync(
        Note(officeSiteId), string.Create(CultureInfo.InvariantCulture, $"{verificationId} {now:O}"), CancellationToken.None);

    /// <summary>Whether an attachment belongs to another verification than one that was created at a time.</summary>
    public async Task<bool> BelongsToAnotherAsync(string officeSiteId, Verification open, CancellationToken cancellationToken) =>
        await store.GetNoteAsync(Note(officeSiteId), cancellationToken) is { } note
        && note.Split(' ') is [var id, var at]
        && id != open.Id.ToString()
        && DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) >= open.CreatedAt;

    private static string Note(string officeSiteId) =>
        $"attached-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(officeSiteId)))}";
}
