using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Uses a code: checks it, attaches the CEN, and closes the verification. That it is about to be used is on record before Alibaba is
/// called; the code itself never is. Nothing is asked for twice on a guess: where nobody knows whether a CEN was attached, Alibaba's own
/// list of office networks decides.
/// </summary>
public sealed class AttachmentService(
    IVerificationStore store,
    VerificationWriter writer,
    EcdClient ecd,
    IOptions<VerificationOptions> options,
    IOptions<AlibabaOptions> alibaba,
    TimeProvider time,
    ILogger<AttachmentService> logger)
{
    private SendRules Rules => options.Value.Rules(alibaba.Value);

    /// <summary>Asks whether the CEN of a verification can be attached. A wrong code counts as a try at Alibaba's.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="cidrBlock">The addresses of the office network.</param>
    /// <param name="code">The code; null where the caller owns the CEN.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">Gives up before anything is recorded.</param>
    public async Task<AttachResult> CheckAsync(
        Guid id, CidrBlock cidrBlock, VerifyCode? code, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var (begun, refusal) = await BeginAsync(id, found => found.BeginCheck(), key, cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        var outcome = await ecd.VerifyCenAsync(begun.Target, cidrBlock, code, CancellationToken.None);
        return outcome switch
        {
            EcdOutcome.Accepted { Answer: CenCheck check } accepted => new AttachResult.Checked(begun, check, accepted.RequestId),
            EcdOutcome.Unknown unknown => new AttachResult.Unknown(begun, unknown),
            _ => new AttachResult.NotDone(begun, outcome),
        };
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
            && !before.IsAttachUnderWay(time.GetUtcNow(), Rules)
            && await SettleLostAsync(before, lost) is { } settled)
        {
            return settled;
        }

        var (begun, refusal) = await BeginAsync(
            id, found => found.BeginAttach(new AttachAttempt(officeSiteId.Value, time.GetUtcNow(), by)), key, cancellationToken);
        if (begun is null)
        {
            return refusal!;
        }

        var attempt = begun.Attaching!;
        var outcome = time.GetUtcNow() - attempt.StartedAt <= Rules.BeginWithin
            ? await ecd.AttachCenAsync(begun.Target, officeSiteId, code, CancellationToken.None)
            : new EcdOutcome.NotSent("it took too long to record it");
        return outcome switch
        {
            EcdOutcome.Accepted => await CompleteAsync(begun, attempt, outcome),
            EcdOutcome.Unknown unknown => await LookAsync(begun.Target, attempt.OfficeSiteId) switch
            {
                true => await CompleteAsync(begun, attempt, outcome),
                false => await ReleaseAsync(begun, attempt, outcome),
                null => new AttachResult.Unknown(begun, unknown),
            },
            _ => await ReleaseAsync(begun, attempt, outcome),
        };
    }

    /// <summary>An attachment whose process died, or whose outcome could not be looked up then.</summary>
    /// <returns>Null where it was not done, so that another may begin.</returns>
    private async Task<AttachResult?> SettleLostAsync(Verification verification, AttachAttempt lost) =>
        await LookAsync(verification.Target, lost.OfficeSiteId) switch
        {
            true => await CompleteAsync(verification, lost, outcome: null),
            false => await ReleaseAsync(verification, lost, outcome: null) is AttachResult.AlreadyClosed closed ? closed : null,
            null => new AttachResult.Unknown(
                verification, new EcdOutcome.Unknown("the process that attached it ended before Alibaba's answer was recorded")),
        };

    /// <summary>Whether Alibaba shows the CEN attached to an office network; null where it does not say.</summary>
    private async Task<bool?> LookAsync(CenTarget target, string officeSiteId) =>
        await ecd.DescribeOfficeSitesAsync(target.RegionId, officeSiteId, nextToken: null, CancellationToken.None)
            is EcdOutcome.Accepted { Answer: OfficeSitePage page }
            ? page.Items.FirstOrDefault(site => site.Id == officeSiteId) switch
            {
                { IsAttached: true } site when site.CenId == target.CenId => true,
                // On its way there: it will be the one or the other.
                { } site when site.CenId == target.CenId => null,
                _ => false,
            }
            : null;

    private Task<(Verification? Begun, AttachResult? Refusal)> BeginAsync(
        Guid id, Func<Verification, Verification> begin, IdempotencyKey? key, CancellationToken cancellationToken) =>
        writer.ChangeAsync<AttachResult>(
            async _ =>
            {
                var now = time.GetUtcNow();
                switch (await store.GetAsync(id, cancellationToken))
                {
                    case null:
                        return new(Next: null, Result: new AttachResult.NotFound());
                    case { IsOpen: false } closed:
                        return new(Next: null, Result: new AttachResult.AlreadyClosed(closed));
                    case var busy when busy.IsUnderWay(now, Rules) || busy.IsAttachUnderWay(now, Rules):
                        return new(Next: null, Result: new AttachResult.InProgress(busy));
                    case { Target.CenId: null } without:
                        return new(Next: null, Result: new AttachResult.WithoutCen(without));
                    case var found:
                        // A send that was given up for lost is one, whether or not the timer has seen it.
                        var next = begin(found.GiveUpOrphan(now, Rules) ?? found);
                        var entry = key is null ? null : new IdempotencyEntry(key, next.Id, next.SendCount, now);
                        // If the key is taken, the same request came at the same moment, and the other one does it.
                        return new(next, entry, new AttachResult.InProgress(found));
                }
            },
            cancellationToken);

    private async Task<AttachResult> CompleteAsync(Verification begun, AttachAttempt attempt, EcdOutcome? outcome) =>
        await ChangeAsync(begun, attempt, outcome, current => current.Attached(attempt, note: null, time.GetUtcNow())) switch
        {
            // It is attached, and the record says that it was to be: the next look finds out.
            null => new AttachResult.Unknown(begun, new EcdOutcome.Unknown("what Alibaba did could not be recorded")),
            // Somebody else looked before it was attached, and began anew.
            { IsOpen: true } open => new AttachResult.InProgress(open),
            var closed when closed.OfficeSiteId == attempt.OfficeSiteId => new AttachResult.Attached(closed),
            var closed => new AttachResult.AlreadyClosed(closed),
        };

    private async Task<AttachResult> ReleaseAsync(Verification begun, AttachAttempt attempt, EcdOutcome? outcome) =>
        await ChangeAsync(begun, attempt, outcome, current => current with { Attaching = null }) switch
        {
            { IsOpen: false } closed => new AttachResult.AlreadyClosed(closed),
            var open => new AttachResult.NotDone(open ?? begun, outcome ?? new EcdOutcome.NotSent("nothing is attached")),
        };

    /// <summary>Changes a verification as long as it is this very attempt that stands on it.</summary>
    /// <returns>Null where that could not be recorded.</returns>
    private async Task<Verification?> ChangeAsync(
        Verification begun, AttachAttempt attempt, EcdOutcome? outcome, Func<Verification, Verification> change)
    {
        try
        {
            var (changed, current) = await writer.ChangeAsync<Verification>(
                async conflicts =>
                {
                    var found = conflicts == 0 ? begun : await store.GetAsync(begun.Id, CancellationToken.None) ?? begun;
                    return found.IsOpen && found.Attaching == attempt ? new(change(found)) : new(Next: null, Result: found);
                },
                CancellationToken.None);
            if (changed is not null)
            {
                logger.AttachSettled(changed.Id, attempt.OfficeSiteId, changed.State);
            }

            return changed ?? current;
        }
        catch (Exception e)
        {
            logger.AttachNotRecorded(e, begun.Id, outcome?.Name());
            return null;
        }
    }
}

/// <summary>What became of a wish to check or to attach a CEN.</summary>
public abstract record AttachResult
{
    /// <summary>There is none with that id.</summary>
    public sealed record NotFound : AttachResult;

    /// <summary>It is closed; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : AttachResult;

    /// <summary>A code is being sent, or the CEN is being attached; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : AttachResult;

    /// <summary>The verification names no CEN, so that there is nothing to attach; nothing was done.</summary>
    public sealed record WithoutCen(Verification Verification) : AttachResult;

    /// <summary>Alibaba has looked at it.</summary>
    public sealed record Checked(Verification Verification, CenCheck Check, string RequestId) : AttachResult;

    /// <summary>The CEN is attached, and the verification completed.</summary>
    public sealed record Attached(Verification Verification) : AttachResult;

    /// <summary>It was not done: Alibaba refused, was not reached, or shows that nothing is attached.</summary>
    /// <param name="Verification">The verification, open as before.</param>
    /// <param name="Outcome">How the call ended.</param>
    public sealed record NotDone(Verification Verification, EcdOutcome Outcome) : AttachResult;

    /// <summary>Nobody knows yet whether it was done.</summary>
    public sealed record Unknown(Verification Verification, EcdOutcome.Unknown Outcome) : AttachResult;
}
