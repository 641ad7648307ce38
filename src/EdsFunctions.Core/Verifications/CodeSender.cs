using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Sends codes and keeps the record: what is asked for is on record before Alibaba is called, and how it ended after. Between the two
/// nothing is repeated, so that a request sends at most one e-mail.
/// </summary>
public sealed class CodeSender(
    IVerificationStore store,
    VerificationWriter writer,
    EcdClient ecd,
    SendRules rules,
    BackgroundWork background,
    TimeProvider time,
    ILogger<CodeSender> logger)
{
    /// <summary>How often the store may fail while an answer is recorded.</summary>
    private const int MaxSettleFailures = 2;

    /// <summary>How long the last wait is before an answer is recorded anew in the background; the first one is a second, and each twice the one before.</summary>
    private static readonly TimeSpan MaxSettlePause = TimeSpan.FromMinutes(4);

    /// <summary>How often an unconfirmed send is recorded as not sent; the store's client retries each time as well.</summary>
    private const int MaxNotSentAttempts = 3;

    /// <summary>Asks Alibaba for a code, unless one was sent to the target or the request came before.</summary>
    /// <param name="command">The request.</param>
    /// <param name="key">The caller's name for the request, if there is one.</param>
    /// <param name="cancellationToken">Cancels the request until its first write. From then on it goes on to its end.</param>
    /// <param name="recorded">Gets the verification once the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<SendResult> SendAsync(
        SendCommand command,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? recorded = null) => SendAsync(
        key,
        async cancel =>
        {
            var state = await store.GetTargetAsync(command.Target, cancel);
            var sends = await store.GetOwnerSendsAsync(command.Target.CenOwnerId, cancel);
            var now = store.UtcNow;
            if (state.Open is { } open)
            {
                return open.IsUnderWay(now, rules)
                    ? new SendResult.InProgress(open)
                    : new SendResult.AlreadyOpen(open.GiveUpOrphan(now, rules) ?? open);
            }

            if (rules.CooldownLeft(state.LastMailAt, now) is { } cooldown)
            {
                var last = state.LastId is { } id ? await store.GetAsync(id, cancel) : null;
                return new SendResult.TooSoon(last, cooldown);
            }

            return sends.WaitFor(rules.MaxSendsPerOwnerPerHour, now) is { } wait
                ? new SendResult.OwnerLimit(wait)
                : new Change<SendResult>(Verification.Begin(command, now, state.LastMailAt), Target: state, Owner: sends.Add(now));
        },
        recorded,
        cancellationToken);

    /// <summary>Resends the code of an open verification, because someone asks for exactly that.</summary>
    /// <param name="id">The verification.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="note">What for.</param>
    /// <param name="key">The caller's name for the request, if there is one.</param>
    /// <param name="cancellationToken">Cancels the request until its first write. From then on it goes on to its end.</param>
    /// <param name="recorded">Gets the verification once the send is recorded.</param>
    /// <exception cref="StoreUnavailableException">The store is unavailable. Nothing was sent.</exception>
    public Task<SendResult> ResendAsync(
        Guid id,
        string? by,
        string? note,
        IdempotencyKey? key,
        CancellationToken cancellationToken,
        Action<Verification>? recorded = null) => SendAsync(
        key,
        async cancel =>
        {
            if (await store.GetAsync(id, cancel) is not { } found)
            {
                return new SendResult.NotFound();
            }

            var sends = await store.GetOwnerSendsAsync(found.Target.CenOwnerId, cancel);
            var now = store.UtcNow;
            var change = found.Resend(by, note, now, rules);
            return change.Next is null ? change
                : sends.WaitFor(rules.MaxSendsPerOwnerPerHour, now) is { } wait
                    ? new SendResult.OwnerLimit(wait)
                    : change with { Owner = sends.Add(now) };
        },
        recorded,
        cancellationToken);

    /// <summary>Records a send, sends, and records how it ended.</summary>
    private async Task<SendResult> SendAsync(
        IdempotencyKey? key,
        Func<CancellationToken, Task<Change<SendResult>>> decide,
        Action<Verification>? onRecorded,
        CancellationToken cancellationToken)
    {
        Verification? sending = null;
        Verification? recorded;
        SendResult? refusal;
        SendResult.AlreadyOpen? open = null;
        try
        {
            (recorded, refusal) = await writer.ChangeAsync<SendResult>(async conflicts =>
            {
                open = null;
                var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
                // The key is read last: what its first request has written meanwhile is then a repeat, and not what another has done.
                var change = await decide(cancel);
                var known = key is null ? null : await store.FindKeyAsync(key.Hash, cancel);
                if (known is not null && await RepeatAsync(known, key!, cancel) is { } repeat)
                {
                    return repeat;
                }

                if (key is not null && change.Result is SendResult.AlreadyOpen { Open: var found } result)
                {
                    // The key is recorded, so that a repeat sends nothing either once the verification is closed.
                    open = result;
                    change = found;
                }

                sending = change.Next;
                return key is null || sending is null
                    ? change
                    : change with
                    {
                        Key = new IdempotencyEntry(
                            key, sending.Id, open is null ? sending.SendCount : IdempotencyEntry.NoSend, store.UtcNow, Version: known?.Version),
                    };
            });
        }
        catch (UncertainWriteException) when (open is not null)
        {
            return open;
        }
        catch (UncertainWriteException e)
        {
            (recorded, refusal) = (await RecordNotSentAsync(e, key), null);
        }

        if (recorded is null || open is not null)
        {
            return refusal ?? open!;
        }

        onRecorded?.Invoke(recorded);
        if (recorded.SendCount != sending!.SendCount)
        {
            // It took so long that the send timed out, and another request has sent since. The record tells the outcome of that one.
            return new SendResult.Sent(sending.Settle(
                sending.SendCount, new EcdFailure.NotSent("it took too long to record it"), store.UtcNow));
        }

        if (recorded.LastFailure is { Kind: SendFailureKind.NotSent })
        {
            return new SendResult.Sent(recorded);
        }

        var target = recorded.Target;
        logger.SendRecorded(recorded.Id, target.RegionId, target.CenId, target.CenOwnerId, recorded.SendCount);
        var outcome = recorded.State == VerificationState.Sending && recorded.MayBegin(store.UtcNow, rules)
            ? await ecd.CallAsync(new SendVerifyCode(target), CancellationToken.None)
            : new EcdFailure.NotSent("it took too long to record it");
        return new SendResult.Sent(await SettleAsync(recorded, outcome));
    }

    /// <summary>
    /// Records that a send whose record was not confirmed sent nothing. The record conflicts with the unconfirmed write, so that that
    /// one cannot be stored later, as a send that nobody carries out.
    /// </summary>
    /// <returns>The record of the failed send, or of the send if it is stored after all.</returns>
    private async Task<Verification> RecordNotSentAsync(UncertainWriteException uncertain, IdempotencyKey? key)
    {
        var sending = uncertain.Next;
        var notSent = sending.Settle(
            sending.SendCount, new EcdFailure.NotSent("the store did not confirm the record"), store.UtcNow);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var found = await store.GetAsync(sending.Id, CancellationToken.None);
                if (found?.Writes?.Contains(sending.Writes!.Split(' ')[0], StringComparison.Ordinal) == true)
                {
                    return found;
                }

                if (found is not null && found.Version != sending.Version)
                {
                    // Another writer was first, so the unconfirmed write cannot be stored any more.
                    return notSent;
                }

                var known = key is null ? null : await store.FindKeyAsync(key.Hash, CancellationToken.None);
                var entry = key is null ? null : IdempotencyEntry.Of(key, sending) with { Version = known?.Version };
                if (await writer.WriteAsync(new StoreWrite(notSent, entry)) is { } written)
                {
                    return written;
                }
            }
            catch (Exception e) when (attempt < MaxNotSentAttempts)
            {
                logger.SettleTriedAgain(sending.Id, e.GetType().Name);
            }
            catch (Exception e)
            {
                throw new StoreUnavailableException(e);
            }

            if (attempt == MaxNotSentAttempts)
            {
                throw new StoreUnavailableException(uncertain);
            }
        }
    }

    /// <summary>Keeps the answer that a request got, for its repeats. The request itself does not fail over it.</summary>
    public async Task RememberAnswerAsync(IdempotencyKey key, string answer)
    {
        try
        {
            await store.SaveAnswerAsync(key.Hash, answer);
        }
        catch (Exception e)
        {
            // A repeat is then answered from the record.
            logger.AnswerNotRemembered(e);
        }
    }

    /// <summary>What an earlier request with a key has changed; null if there was none.</summary>
    public async Task<Repeat?> FindRepeatAsync(IdempotencyKey key, CancellationToken cancellationToken) =>
        await store.FindKeyAsync(key.Hash, cancellationToken) is not { } known ? null
        : known.Key.Fingerprint != key.Fingerprint ? new Repeat(KeyReused: true)
        : new Repeat(await store.GetAsync(known.VerificationId, cancellationToken), known.Answer);

    /// <summary>Records whether the one who asked for a send is still to be told how it ended.</summary>
    /// <param name="sent">The verification as it was recorded for that send.</param>
    /// <param name="unanswered">If so, the timer reports the send once it has failed.</param>
    internal Task SetUnansweredAsync(Verification sent, bool unanswered) => writer.ChangeAsync<object>(async _ =>
        await store.GetAsync(sent.Id, CancellationToken.None) is { } found
        && found.SendCount == sent.SendCount
        && found.Unanswered != unanswered
        && found.IsCurrent(store.UtcNow)
            ? new(found with { Unanswered = unanswered })
            : new(Next: null));

    /// <summary>Closes a verification because someone says so.</summary>
    /// <param name="id">Which.</param>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="closing">Who, and why.</param>
    /// <param name="key">The caller's name for the request, if there is one; it is recorded with the closing.</param>
    /// <param name="cancellationToken">Cancels the request until its first write.</param>
    /// <exception cref="StoreUnavailableException">It is unknown whether it is closed.</exception>
    public async Task<CloseResult> CloseAsync(
        Guid id, VerificationState state, Closing closing, IdempotencyKey? key, CancellationToken cancellationToken)
    {
        try
        {
            var (closed, refusal) = await writer.ChangeAsync<CloseResult>(async conflicts =>
            {
                var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
                // The key is read last, as for a send.
                var found = await store.GetAsync(id, cancel);
                if (key is not null && await FindRepeatAsync(key, cancel) is { } repeat)
                {
                    return new CloseResult.Repeated(repeat);
                }

                if (found is null)
                {
                    return new CloseResult.NotFound();
                }

                var now = store.UtcNow;
                var change = found.Close(state, closing, now, rules);
                return key is null || change.Next is null
                    ? change
                    : change with { Key = new IdempotencyEntry(key, id, change.Next.SendCount, now) };
            });
            return closed is null ? refusal! : new CloseResult.Closed(closed);
        }
        catch (UncertainWriteException e)
        {
            throw new StoreUnavailableException(e);
        }
    }

    /// <returns>
    /// What a repeat gets; null if the request is to be tried again: it certainly sent nothing, for a reason that passes.
    /// </returns>
    private async Task<SendResult?> RepeatAsync(IdempotencyEntry known, IdempotencyKey key, CancellationToken cancellationToken)
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

        if (known.Send == IdempotencyEntry.NoSend)
        {
            return new SendResult.AlreadyOpen(verification);
        }

        if (verification.SendCount != known.Send)
        {
            // By now the record tells the outcome of another request.
            return new SendResult.Repeated(
                verification with { LastFailure = new SendFailure(SendFailureKind.Unknown, "the answer to this request was not recorded") },
                Answer: null);
        }

        var now = store.UtcNow;
        return verification.IsUnderWay(now, rules) ? new SendResult.InProgress(verification)
            : verification.LastFailure is { MayPass: true } ? null
            : new SendResult.Repeated(verification.GiveUpOrphan(now, rules) ?? verification, Answer: null);
    }

    /// <summary>
    /// Records how a send ended. If the store fails for longer than the caller should wait, that goes on in the background. The caller
    /// then hears of an accepted send that its outcome is unknown, since the record may stay so.
    /// </summary>
    private async Task<Verification> SettleAsync(Verification sending, EcdOutcome<EcdResponse> outcome)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await RecordOutcomeAsync(sending, outcome, isFirst: failures == 0);
            }
            catch (Exception e) when (failures < MaxSettleFailures)
            {
                logger.SettleTriedAgain(sending.Id, e.GetType().Name);
            }
            catch (Exception e)
            {
                logger.SettleFailed(e, sending.Id, outcome.Name(), RequestIdOf(outcome));
                background.Add(SettleLaterAsync(sending, outcome));
                return sending.Settle(
                    sending.SendCount,
                    outcome.Failure is null ? new EcdFailure.Unknown("Alibaba's answer could not be recorded") : outcome,
                    store.UtcNow);
            }
        }
    }

    /// <summary>What certainly sent nothing is then tried again by its repeat, and what was accepted is not reported as unknown.</summary>
    private async Task SettleLaterAsync(Verification sending, EcdOutcome<EcdResponse> outcome)
    {
        for (var pause = TimeSpan.FromSeconds(1); pause <= MaxSettlePause; pause *= 2)
        {
            await Task.Delay(pause, time, background.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var isLast = background.Stopping.IsCancellationRequested;
            try
            {
                await RecordOutcomeAsync(sending, outcome, isFirst: false);
                return;
            }
            catch (Exception e)
            {
                logger.SettleTriedAgain(sending.Id, e.GetType().Name);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    /// <returns>The record, or how the send ended if the record tells the outcome of another by now.</returns>
    private async Task<Verification> RecordOutcomeAsync(
        Verification sending, EcdOutcome<EcdResponse> outcome, bool isFirst)
    {
        var (settled, late) = await writer.ChangeAsync<Verification>(async conflicts =>
        {
            var current = isFirst && conflicts == 0
                ? sending
                : await store.GetAsync(sending.Id, CancellationToken.None) ?? sending;
            var now = store.UtcNow;
            var next = current.Settle(sending.SendCount, outcome, now);
            if (ReferenceEquals(next, current))
            {
                logger.AnswerCameTooLate(sending.Id, outcome.Name(), RequestIdOf(outcome), current.State);
                return new(Next: null, Result: sending.Settle(sending.SendCount, outcome, now));
            }

            return outcome.Failure is EcdFailure.Rejected or EcdFailure.NotSent
                ? new(next, Owner: (await store.GetOwnerSendsAsync(sending.Target.CenOwnerId, CancellationToken.None))
                    .Remove(sending.SendStartedAt))
                : new(next);
        });
        if (settled is null)
        {
            return late!;
        }

        logger.SendSettled(settled.Id, settled.State, settled.RequestId);
        return settled.SendCount == sending.SendCount ? settled : sending.Settle(sending.SendCount, outcome, store.UtcNow);
    }

    private static string? RequestIdOf(EcdOutcome<EcdResponse> outcome) => outcome.Match(
        response => response.RequestId,
        failure => failure.Match(
            rejected => rejected.Error.RequestId, notSent => null, unknown => unknown.Error?.RequestId));
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

    /// <summary>A code was sent for the target before, and the verification is open; nothing was done.</summary>
    public sealed record AlreadyOpen(Verification Open) : SendResult;

    /// <summary>A code is being sent for the same target, or its CEN is being attached; nothing was done.</summary>
    public sealed record InProgress(Verification Open) : SendResult;

    /// <summary>A code was sent for the same target within the cooldown; nothing was done.</summary>
    /// <param name="Verification">The verification it was sent for; null if that is no longer on record.</param>
    /// <param name="RetryAfter">How long the cooldown lasts.</param>
    public sealed record TooSoon(Verification? Verification, TimeSpan RetryAfter) : SendResult;

    /// <summary>The owner got as many e-mails as are allowed in an hour; nothing was done.</summary>
    public sealed record OwnerLimit(TimeSpan RetryAfter) : SendResult;

    /// <summary>There is no verification to resend; nothing was done.</summary>
    public sealed record NotFound : SendResult;

    /// <summary>The verification to resend is closed; nothing was done.</summary>
    public sealed record AlreadyClosed(Verification Verification) : SendResult;

    /// <summary>The request came before; nothing was done.</summary>
    /// <param name="Verification">As it stands now.</param>
    /// <param name="Answer">What the first one was answered; null if that is not known, since the process crashed.</param>
    public sealed record Repeated(Verification Verification, string? Answer) : SendResult;

    /// <summary>The idempotency key came before, with another request; nothing was done.</summary>
    public sealed record KeyReused : SendResult;
}

/// <summary>A request that came before.</summary>
/// <param name="Verification">The verification that it changed, as it stands now; null if it is no longer on record.</param>
/// <param name="Answer">What it was answered; null if that is not known.</param>
/// <param name="KeyReused">Whether the key came with another request.</param>
public sealed record Repeat(Verification? Verification = null, string? Answer = null, bool KeyReused = false);

/// <summary>What became of a request to close a verification.</summary>
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

    /// <summary>The request came before; nothing was done.</summary>
    public sealed record Repeated(Repeat Repeat) : CloseResult;
}
