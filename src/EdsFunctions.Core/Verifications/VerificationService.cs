using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Sends codes and keeps the record: what is asked for is on record before Alibaba is called, and how it ended after. Between the two
/// nothing is repeated, so that a request sends at most one e-mail.
/// </summary>
public sealed class VerificationService(
    IVerificationStore store,
    VerificationWriter writer,
    EcdClient ecd,
    IOptions<VerificationOptions> options,
    IOptions<AlibabaOptions> alibaba,
    TimeProvider time,
    ILogger<VerificationService> logger)
{
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
        var (recorded, refusal) = await writer.ChangeAsync<SendResult>(
            async conflicts =>
            {
                // Most targets are new, and the store refuses to write a second open verification for one, or a second request with the
                // key. So nothing is read before the first write.
                Verification? open = null;
                if (conflicts > 0)
                {
                    // In this order: the two are written together, so if the verification of a request is found, its key is as well.
                    open = await store.FindOpenAsync(command.Target, cancellationToken);
                    if (key is not null && await store.FindKeyAsync(key.Hash, cancellationToken) is { } known)
                    {
                        return new(Next: null, Result: await RepeatAsync(known, key, cancellationToken));
                    }
                }

                var now = time.GetUtcNow();
                var change = open?.RequestSend(command, now, Rules) ?? new(Verification.Begin(command, now));
                return key is null || change.Next is null ? change : change with { Key = IdempotencyEntry.Of(key, change.Next) };
            },
            cancellationToken);
        if (recorded is null)
        {
            return refusal!;
        }

        var target = recorded.Target;
        logger.SendRecorded(recorded.Id, target.RegionId, target.CenId, target.CenOwnerId, recorded.SendCount);
        var outcome = recorded.MayBegin(time.GetUtcNow(), Rules)
            ? await ecd.SendVerifyCodeAsync(target, CancellationToken.None)
            : new EcdOutcome.NotSent("it took too long to record it");
        return new SendResult.Sent(await SettleAsync(recorded, outcome));
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
        var (closed, refusal) = await writer.ChangeAsync<CloseResult>(
            async _ =>
            {
                if (await store.GetAsync(id, cancellationToken) is not { } found)
                {
                    return new(Next: null, Result: new CloseResult.NotFound());
                }

                var now = time.GetUtcNow();
                var change = found.Close(state, closing, now, Rules);
                return key is null || change.Next is null
                    ? change
                    : change with { Key = new IdempotencyEntry(key, id, change.Next.SendCount, now) };
            },
            cancellationToken);
        return closed is null ? refusal! : new CloseResult.Closed(closed);
    }

    /// <summary>Gives up sends that will never be answered.</summary>
    internal async Task GiveUpOrphansAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyList<Verification> orphans;
        do
        {
            orphans = await store.ListSendingAsync(now - Rules.OrphanAfter, VerificationPages.Size, cancellationToken);
            foreach (var orphan in orphans)
            {
                await ChangeAsync(orphan, orphan.GiveUpOrphan(now, Rules), cancellationToken);
            }
        }
        while (orphans.Count == VerificationPages.Size);
    }

    /// <summary>Open verifications that have waited longer than policy allows, oldest first.</summary>
    internal IAsyncEnumerable<Verification> ListExpiredAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        store.WaitingAsync(now - ExpireAfter, cancellationToken).Where(verification => verification.IsExpired(now, ExpireAfter));

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

    /// <summary>A change of the timer's; where another writer was first, the next run looks again.</summary>
    private async Task ChangeAsync(Verification from, Verification? to, CancellationToken cancellationToken)
    {
        if (to is not null && await writer.WriteAsync(to, key: null, cancellationToken) is WriteResult.Written)
        {
            logger.StateChangedByTimer(to.Id, from.State, to.State);
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
        for (var failures = 0; ; failures++)
        {
            try
            {
                var (settled, late) = await writer.ChangeAsync<Verification>(
                    async conflicts =>
                    {
                        var current = conflicts == 0 ? sending : await store.GetAsync(sending.Id, CancellationToken.None) ?? sending;
                        var next = current.Settle(sending.SendCount, outcome, time.GetUtcNow());
                        if (!ReferenceEquals(next, current))
                        {
                            return new(next);
                        }

                        logger.AnswerCameTooLate(sending.Id, outcome.Name(), requestId, current.State);
                        return new(Next: null, Result: sending.Settle(sending.SendCount, outcome, time.GetUtcNow()));
                    },
                    CancellationToken.None);
                if (settled is null)
                {
                    return late!;
                }

                logger.SendSettled(settled.Id, settled.State, settled.RequestId);
                return settled;
            }
            catch (Exception e) when (failures < MaxSettleFailures)
            {
                // A store may fail once; what Alibaba said is worth another try.
                logger.SettleTriedAgain(sending.Id, e.GetType().Name);
            }
            catch (Exception e)
            {
                logger.SettleFailed(e, sending.Id, outcome.Name(), requestId);
                return sending.Settle(
                    sending.SendCount, new EcdOutcome.Unknown("Alibaba's answer could not be recorded"), time.GetUtcNow());
            }
        }
    }
}

/// <summary>Someone asks for a code.</summary>
/// <param name="Target">Whose code.</param>
/// <param name="RequestedBy">Who asks, in the caller's words; comes back in reports.</param>
/// <param name="Note">What for; comes back in reports.</param>
public sealed record SendCommand(CenTarget Target, string? RequestedBy = null, string? Note = null);

/// <summary>What became of a request for a code.</summary>
public abstract record SendResult
{
    /// <summary>It was recorded and sent, once; the record says how it ended.</summary>
    public sealed record Sent(Verification Verification) : SendResult;

    /// <summary>A code is being sent for the same target; nothing was done.</summary>
    public sealed record InProgress(Verification Open) : SendResult;

    /// <summary>A code was sent for the same target a moment ago; nothing was done.</summary>
    public sealed record TooSoon(Verification Open, TimeSpan RetryAfter) : SendResult;

    /// <summary>The request came before; nothing was done.</summary>
    /// <param name="Verification">As it stands now.</param>
    /// <param name="Answer">What the first one was answered; null if that is not known, the process having died.</param>
    public sealed record Repeated(Verification Verification, string? Answer) : SendResult;

    /// <summary>The idempotency key came before, with another request; nothing was done.</summary>
    public sealed record KeyReused : SendResult;
}

/// <summary>What became of a wish to close a verification.</summary>
public abstract record CloseResult
{
    /// <summary>It is closed now.</summary>
    public sealed record Closed(Verification Verification) : CloseResult;

    /// <summary>It was closed before; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : CloseResult;

    /// <summary>A code is being sent; nothing was done.</summary>
    public sealed record InProgress(Verification Verification) : CloseResult;

    /// <summary>There is none with that id.</summary>
    public sealed record NotFound : CloseResult;
}
