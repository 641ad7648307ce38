using System.Runtime.CompilerServices;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Sends codes and keeps the record: what is asked for is on record before Alibaba is called, and how it ended after. Between the two
/// nothing is repeated, so that a request sends at most one e-mail.
/// </summary>
public sealed class VerificationService(
    IVerificationStore store,
    EcdClient ecd,
    IOptions<VerificationOptions> options,
    IOptions<AlibabaOptions> alibaba,
    TimeProvider time,
    EdsMetrics metrics,
    ILogger<VerificationService> logger)
{
    /// <summary>More lost races in a row than this are not a race.</summary>
    private const int MaxRaces = 32;

    /// <summary>How often the store may fail while an answer is recorded.</summary>
    private const int MaxSettleFailures = 2;

    /// <summary>How long a verification may wait before it is given up.</summary>
    internal TimeSpan ExpireAfter => options.Value.ExpireAfter;

    private SendRules Rules => options.Value.Rules(alibaba.Value);

    /// <summary>Asks Alibaba for a code, unless one is on its way or the request came before.</summary>
    /// <param name="command">What is asked for.</param>
    /// <param name="key">The caller's name for the request, where there is one.</param>
    /// <param name="cancellationToken">
    /// Gives up before anything is recorded. Once it is, the send goes on to its end, which is near: a caller who went away is no
    /// reason to know less.
    /// </param>
    public async Task<SendResult> SendAsync(SendCommand command, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        // Most targets are new, and the store refuses to write a second open one, or a second request with the key. So what is on record is
        // read only once it refused.
        for (var race = 0; race < MaxRaces; race++)
        {
            Verification? open = null;
            if (race > 0)
            {
                // In this order: the two are written together, so whoever sees the verification of a request sees its key as well.
                open = await store.FindOpenAsync(command.Target, cancellationToken);
                if (key is not null && await store.FindKeyAsync(key.Hash, cancellationToken) is { } known)
                {
                    return await RepeatAsync(known, key, cancellationToken);
                }
            }

            var now = time.GetUtcNow();
            var decision = open?.RequestSend(command, now, Rules) ?? new SendDecision.Send(Verification.Begin(command, now));
            switch (decision)
            {
                case SendDecision.InProgress inProgress:
                    return new SendResult.InProgress(inProgress.Open);
                case SendDecision.TooSoon tooSoon:
                    return new SendResult.TooSoon(tooSoon.Open, tooSoon.RetryAfter);
            }

            var next = ((SendDecision.Send)decision).Next;
            var entry = key is null ? null : IdempotencyEntry.Of(key, next);
            var written = open is null
                ? await store.CreateAsync(next, entry, cancellationToken)
                : await store.UpdateAsync(next, entry, cancellationToken);
            if (written is WriteResult.Written { Verification: var recorded })
            {
                var target = recorded.Target;
                logger.SendRecorded(recorded.Id, target.RegionId, target.CenId, target.CenOwnerId, recorded.SendCount);
                var outcome = recorded.MayBegin(time.GetUtcNow(), Rules)
                    ? await ecd.SendVerifyCodeAsync(target, CancellationToken.None)
                    : new EcdOutcome.NotSent("it took too long to record it");
                return new SendResult.Sent(await SettleAsync(recorded, outcome));
            }
        }

        throw new InvalidOperationException("The verification changed under every attempt to write it.");
    }

    /// <summary>Keeps the answer that a request got, for its repeats. The request itself does not fail over it.</summary>
    public async Task RememberAnswerAsync(IdempotencyKey key, string answer)
    {
        try
        {
            await store.SaveAnswerAsync(key.Hash, answer, CancellationToken.None);
        }
        catch (Exception e)
        {
            // A repeat is then answered from the record.
            logger.AnswerNotRemembered(e);
        }
    }

    /// <summary>The verification with an id, or null.</summary>
    public Task<Verification?> GetAsync(Guid id, CancellationToken cancellationToken) => store.GetAsync(id, cancellationToken);

    /// <summary>A page of verifications, oldest first.</summary>
    public Task<IReadOnlyList<Verification>> ListAsync(VerificationQuery query, CancellationToken cancellationToken) =>
        store.ListAsync(query, cancellationToken);

    /// <summary>The open verifications whose reference begins with some digits, by their references.</summary>
    public Task<IReadOnlyList<Verification>> FindOpenByRefAsync(string prefix, int limit, CancellationToken cancellationToken) =>
        store.FindOpenByRefAsync(prefix, limit, cancellationToken);

    /// <summary>The open verification of a target, or null.</summary>
    public Task<Verification?> FindOpenAsync(CenTarget target, CancellationToken cancellationToken) =>
        store.FindOpenAsync(target, cancellationToken);

    /// <summary>The verification that an earlier request with this key changed; null where there was none.</summary>
    public async Task<Verification?> FindRepeatAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await store.FindKeyAsync(key.Hash, cancellationToken) is { } known
            ? await store.GetAsync(known.VerificationId, cancellationToken)
            : null;

    /// <summary>Closes a verification because someone says so.</summary>
    /// <param name="id">Which.</param>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="closing">Who, and why.</param>
    /// <param name="key">The caller's name for the request, where there is one; it is recorded with the closing.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<CloseResult> CloseAsync(
        Guid id, VerificationState state, Closing closing, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        for (var race = 0; race < MaxRaces; race++)
        {
            if (await store.GetAsync(id, cancellationToken) is not { } found)
            {
                return new CloseResult.NotFound();
            }

            switch (found.Close(state, closing, time.GetUtcNow(), Rules))
            {
                case CloseDecision.AlreadyClosed:
                    return new CloseResult.AlreadyClosed(found);
                case CloseDecision.InProgress:
                    return new CloseResult.InProgress(found);
                case CloseDecision.Close close
                    when await store.UpdateAsync(close.Next, Entry(key, close.Next, time.GetUtcNow()), cancellationToken)
                        is WriteResult.Written written:
                    Ended(written.Verification);
                    return new CloseResult.Closed(written.Verification);
            }
        }

        throw new InvalidOperationException("The verification changed under every attempt to write it.");
    }

    /// <summary>Closes every verification that has waited longer than policy allows.</summary>
    internal async Task ExpireAllAsync(DateTimeOffset now, int page, CancellationToken cancellationToken)
    {
        await foreach (var verification in ListExpiredAsync(now, page, cancellationToken))
        {
            await ExpireAsync(verification, now, cancellationToken);
        }
    }

    /// <summary>Gives up sends that will never be answered.</summary>
    internal async Task GiveUpOrphansAsync(DateTimeOffset now, int page, CancellationToken cancellationToken)
    {
        var orphans = await store.ListSendingAsync(now - Rules.OrphanAfter, page, cancellationToken);
        while (orphans.Count > 0)
        {
            foreach (var orphan in orphans)
            {
                await ChangeAsync(orphan, orphan.GiveUpOrphan(now, Rules), cancellationToken);
            }

            orphans = orphans.Count < page ? [] : await store.ListSendingAsync(now - Rules.OrphanAfter, page, cancellationToken);
        }
    }

    /// <summary>Open verifications that have waited longer than policy allows, oldest first.</summary>
    internal async IAsyncEnumerable<Verification> ListExpiredAsync(
        DateTimeOffset now, int page, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Guid? after = null;
        IReadOnlyList<Verification> old;
        do
        {
            old = await store.ListWaitingAsync(now - ExpireAfter, after, page, cancellationToken);
            foreach (var verification in old.Where(one => one.IsExpired(now, ExpireAfter)))
            {
                yield return verification;
            }

            after = old.Count > 0 ? old[^1].Id : after;
        }
        while (old.Count == page);
    }

    /// <summary>Closes a verification that has waited longer than policy allows.</summary>
    internal Task ExpireAsync(Verification verification, DateTimeOffset now, CancellationToken cancellationToken) =>
        ChangeAsync(verification, verification.Expire(now, ExpireAfter), cancellationToken);

    /// <summary>
    /// A verification as the timer would leave it: a send that will not be answered is given up; null for one that expires.
    /// </summary>
    internal Verification? AsSwept(Verification verification, DateTimeOffset now)
    {
        var current = verification.GiveUpOrphan(now, Rules) ?? verification;
        return current.IsExpired(now, ExpireAfter) ? null : current;
    }

    private static IdempotencyEntry? Entry(IdempotencyKey? key, Verification verification, DateTimeOffset now) =>
        key is null ? null : new IdempotencyEntry(key, verification.Id, verification.SendCount, now);

    /// <summary>A change of the timer's; where another writer was first, the next run looks again.</summary>
    private async Task ChangeAsync(Verification from, Verification? to, CancellationToken cancellationToken)
    {
        if (to is not null && await store.UpdateAsync(to, key: null, cancellationToken) is WriteResult.Written)
        {
            logger.StateChangedByTimer(to.Id, from.State, to.State);
            Ended(to);
        }
    }

    private async Task<SendResult> RepeatAsync(IdempotencyEntry known, IdempotencyKey key, CancellationToken cancellationToken)
    {
        if (known.Key.Fingerprint != key.Fingerprint)
        {
            return new SendResult.KeyReused();
        }

        var verification = await store.GetAsync(known.VerificationId, cancellationToken)
            ?? throw new InvalidOperationException("An idempotency key names a verification that is not on record.");
        if (known.Answer is not null)
        {
            return new SendResult.Repeated(verification, known.Answer);
        }

        if (verification.SendCount != known.Send)
        {
            // What is on record by now is the answer to somebody else.
            return new SendResult.Repeated(
                verification with { LastFailure = new SendFailure(SendFailureKind.Unknown, "the answer to this request was not recorded") },
                Answer: null);
        }

        var now = time.GetUtcNow();
        return verification.IsUnderWay(now, Rules)
            ? new SendResult.InProgress(verification)
            : new SendResult.Repeated(verification.GiveUpOrphan(now, Rules) ?? verification, Answer: null);
    }

    /// <summary>
    /// Records how a send ended. Where that cannot be recorded, the answer is "unknown", as the record will say once the timer has
    /// seen it: what the caller hears must not be better than what is on record.
    /// </summary>
    private async Task<Verification> SettleAsync(Verification sending, EcdOutcome outcome)
    {
        var requestId = outcome switch
        {
            EcdOutcome.Accepted accepted => accepted.RequestId,
            EcdOutcome.Rejected rejected => rejected.Error.RequestId,
            EcdOutcome.Unknown unknown => unknown.Error?.RequestId,
            _ => null,
        };
        Exception? failure = null;
        var current = sending;
        for (var attempt = 0; attempt < MaxRaces && failure is null; attempt++)
        {
            try
            {
                var settled = current.Settle(sending.SendCount, outcome, time.GetUtcNow());
                if (ReferenceEquals(settled, current))
                {
                    logger.AnswerCameTooLate(sending.Id, outcome.Name(), requestId, current.State);
                    return sending.Settle(sending.SendCount, outcome, time.GetUtcNow());
                }

                if (await store.UpdateAsync(settled, key: null, CancellationToken.None) is WriteResult.Written stored)
                {
                    logger.SendSettled(settled.Id, settled.State, settled.RequestId);
                    Ended(settled);
                    return stored.Verification;
                }

                current = await store.GetAsync(sending.Id, CancellationToken.None) ?? current;
            }
            catch (Exception e) when (attempt < MaxSettleFailures)
            {
                // A store may stumble once; what Alibaba said is worth another try.
                logger.SettleTriedAgain(sending.Id, e.GetType().Name);
            }
            catch (Exception e)
            {
                failure = e;
            }
        }

        logger.SettleFailed(failure, sending.Id, outcome.Name(), requestId);
        return sending.Settle(
            sending.SendCount, new EcdOutcome.Unknown("Alibaba's answer could not be recorded"), time.GetUtcNow());
    }

    private void Ended(Verification verification)
    {
        if (verification.ClosedAt is { } at)
        {
            metrics.VerificationClosed(verification.State.Name(), at - verification.CreatedAt);
        }
    }
}
