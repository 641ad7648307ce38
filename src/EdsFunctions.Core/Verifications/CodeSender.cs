using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The steps shared by <see cref="SendVerification"/> and <see cref="ResendVerification"/>. Records a send before it
/// calls Alibaba, and records the outcome after the call. The call between these two writes is never repeated, so a
/// request sends at most one e-mail.
/// </summary>
public sealed class CodeSender(
    IVerificationStore store,
    VerificationWriter writer,
    RepeatedRequests repeats,
    EcdClient ecd,
    SendRules rules,
    IOptionsMonitor<VerificationOptions> options,
    BackgroundWork background,
    TimeProvider time,
    ILogger<CodeSender> logger)
{
    /// <summary>
    /// The number of failed writes of an outcome after which the app goes on to retry in the background.
    /// </summary>
    private const int MaxRecordingFailures = 2;

    /// <summary>
    /// The longest pause between retries in the background. The first pause is one second, and each pause is twice as
    /// long as the one before.
    /// </summary>
    private static readonly TimeSpan MaxRecordingPause = TimeSpan.FromMinutes(4);

    /// <summary>
    /// The maximum number of attempts to record that nothing was sent, after the store did not confirm a send. Within
    /// each attempt, the client of the store retries too.
    /// </summary>
    private const int MaxNotSentAttempts = 3;

    /// <summary>Records a send, calls Alibaba, and records the outcome.</summary>
    /// <param name="key">The idempotency key; null if the caller sent none.</param>
    /// <param name="decide">
    /// Decides by the rules of the request: returns the send to record, or the reason why nothing is sent.
    /// </param>
    /// <param name="onRecorded">Called with the verification when the send is recorded.</param>
    /// <param name="cancellationToken">Cancels the request. Ignored after the first write to the store.</param>
    internal async Task<SendVerification.Result> SendAsync(
        IdempotencyKey? key,
        Func<CancellationToken, Task<Change<SendVerification.Result>>> decide,
        Action<Verification>? onRecorded,
        CancellationToken cancellationToken)
    {
        Verification? sending = null;
        IdempotencyEntry? entry = null;
        Verification? recorded;
        SendVerification.Result? refusal;
        SendVerification.Result.AlreadyOpen? open = null;
        try
        {
            (recorded, refusal) = await writer.ChangeAsync<SendVerification.Result>(async conflicts =>
            {
                open = null;
                var cancel = conflicts == 0 ? cancellationToken : CancellationToken.None;
                // Read the idempotency key after all other records. If the first request with this key is recorded
                // during the reads, this request is then recognized as its repeat.
                var change = await CountAsync(await decide(cancel), cancel);
                var earlier = await repeats.FindAsync(key, cancel);
                if (earlier is not null && GetResult(earlier) is { } result)
                {
                    return result;
                }

                if (key is not null && change.Result is SendVerification.Result.AlreadyOpen { Open: var found } opened)
                {
                    // Nothing is sent. The idempotency key is recorded nevertheless, so that a repeat sends nothing
                    // even after the verification is closed.
                    open = opened;
                    change = found;
                }

                sending = change.Next;
                entry = key is null || sending is null
                    ? null
                    : new IdempotencyEntry(
                        key,
                        sending.Id,
                        open is null ? sending.SendCount : IdempotencyEntry.NoSend,
                        store.UtcNow,
                        Version: earlier?.Entry.Version);
                return change with { Key = entry };
            });
        }
        catch (UncertainWriteException) when (open is not null)
        {
            return open;
        }
        catch (UncertainWriteException e)
        {
            (recorded, refusal) = (await RecordNotSentAsync(e, entry), null);
        }

        if (recorded is null || open is not null)
        {
            return refusal ?? open!;
        }

        onRecorded?.Invoke(recorded);
        if (recorded.SendCount != sending!.SendCount)
        {
            // The write took so long that the send timed out, and a later send has replaced it.
            return new SendVerification.Result.Sent(sending.ApplyOutcome(
                sending.SendCount, new EcdFailure.NotSent("it took too long to record the send"), store.UtcNow));
        }

        if (recorded.LastFailure is { Kind: SendFailureKind.NotSent })
        {
            return new SendVerification.Result.Sent(recorded);
        }

        var target = recorded.Target;
        logger.SendRecorded(recorded.Id, target.RegionId, target.CenId, target.CenOwnerId, recorded.SendCount);
        var outcome = recorded.State == VerificationState.Sending && recorded.MayDispatch(store.UtcNow, rules)
            ? await ecd.CallAsync(new SendVerifyCode(target), CancellationToken.None)
            : new EcdFailure.NotSent("it took too long to record the send");
        return new SendVerification.Result.Sent(await ApplyOutcomeAsync(recorded, outcome));
    }

    /// <summary>
    /// Adds a send to the count of its owner, unless all sends are paused, or the owner has reached the limit.
    /// </summary>
    private async Task<Change<SendVerification.Result>> CountAsync(
        Change<SendVerification.Result> change, CancellationToken cancellationToken)
    {
        if (change.Next is not { } sending)
        {
            return change;
        }

        if (options.CurrentValue.SendingPaused)
        {
            return new SendVerification.Result.Paused();
        }

        var sends = await store.GetOwnerSendsAsync(sending.Target.CenOwnerId, cancellationToken);
        return sends.WaitFor(rules.MaxSendsPerOwnerPerHour, sending.SendStartedAt) is { } wait
            ? new SendVerification.Result.OwnerLimit(wait)
            : change with { Owner = sends.Add(sending.SendStartedAt) };
    }

    /// <summary>
    /// Records that nothing was sent, after the store did not confirm the write of a send. The two writes conflict, so
    /// the unconfirmed write can no longer be stored. Otherwise, the store could show a send that no process makes.
    /// </summary>
    /// <returns>
    /// The record of the failed send. If the unconfirmed write was stored after all, the record of the send.
    /// </returns>
    /// <exception cref="StoreUnavailableException">
    /// Nothing could be recorded, or a repeat of the request sends the code instead.
    /// </exception>
    private async Task<Verification> RecordNotSentAsync(UncertainWriteException uncertain, IdempotencyEntry? entry)
    {
        var sending = uncertain.Next;
        var notSent = sending.ApplyOutcome(
            sending.SendCount, new EcdFailure.NotSent("the store did not confirm the send"), store.UtcNow);
        for (var attempt = 1; ; attempt++)
        {
            Verification? recorded;
            try
            {
                var (written, instead) = await writer.ChangeAsync<Verification>(async _ =>
                {
                    // Read the idempotency key before the record: if the unconfirmed write is stored between the two
                    // reads, the record shows it.
                    var known = entry is null
                        ? null
                        : await store.FindKeyAsync(entry.Key.Hash, CancellationToken.None);
                    var found = await store.GetAsync(sending.Id, CancellationToken.None);
                    if (found?.WriteIds?.Contains(sending.WriteIds!.Split(' ')[0], StringComparison.Ordinal) == true)
                    {
                        return new(Next: null, Result: found);
                    }

                    // If another request has written the record or the key since, the unconfirmed write can no longer
                    // be stored.
                    return known?.Version != entry?.Version ? new(Next: null, Result: null)
                        : found?.Version == sending.Version ? new(notSent, entry)
                        : new(Next: null, Result: notSent);
                });
                recorded = written ?? instead;
            }
            catch (Exception e) when (attempt < MaxNotSentAttempts)
            {
                logger.RecordingRetried(sending.Id, e.GetBaseException().GetType().Name);
                continue;
            }
            catch (Exception e)
            {
                throw new StoreUnavailableException(e);
            }

            // A repeat of the request has taken the key, and sends the code. The caller can find its verification with
            // the key.
            return recorded ?? throw new StoreUnavailableException(uncertain);
        }
    }

    /// <returns>
    /// The result for a repeat of a request. Null if the app processes the repeat like a new request, because the first
    /// one certainly sent nothing, and the repeat may succeed.
    /// </returns>
    private SendVerification.Result? GetResult(Repeat repeat)
    {
        if (repeat.KeyReused)
        {
            return new SendVerification.Result.Repeated(repeat);
        }

        var verification = repeat.Verification
            ?? throw new InvalidOperationException(
                "The idempotency key refers to a verification that is not in the store: " +
                $"{repeat.Entry.VerificationId}.");
        if (repeat.Response is not null)
        {
            return new SendVerification.Result.Repeated(repeat);
        }

        if (repeat.Entry.Send == IdempotencyEntry.NoSend)
        {
            return new SendVerification.Result.AlreadyOpen(verification, IsRepeat: true);
        }

        if (verification.SendCount != repeat.Entry.Send)
        {
            // A later send has replaced the send of this request.
            var unknown = new SendFailure(SendFailureKind.Unknown, "the response to this request was not recorded");
            return new SendVerification.Result.Repeated(
                repeat with { Verification = verification with { LastFailure = unknown } });
        }

        var now = store.UtcNow;
        return verification.IsSendInProgress(now, rules) ? new SendVerification.Result.InProgress(verification)
            : verification.LastFailure is { MayPass: true } ? null
            : new SendVerification.Result.Repeated(
                repeat with { Verification = verification.TimeOutAbandonedSend(now, rules) ?? verification });
    }

    /// <summary>
    /// Records the outcome of a send. If the store keeps failing, continues in the background. For an accepted send,
    /// the caller then gets an unknown outcome, because the record may never get the real one.
    /// </summary>
    private async Task<Verification> ApplyOutcomeAsync(Verification sending, EcdOutcome<EcdResponse> outcome)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                return await RecordOutcomeAsync(sending, outcome, isFirst: failures == 0);
            }
            catch (Exception e) when (failures < MaxRecordingFailures)
            {
                logger.RecordingRetried(sending.Id, e.GetBaseException().GetType().Name);
            }
            catch (Exception e)
            {
                logger.RecordingFailed(e, sending.Id, outcome.Name(), GetRequestId(outcome));
                background.Add(ApplyOutcomeLaterAsync(sending, outcome));
                return sending.ApplyOutcome(
                    sending.SendCount,
                    outcome.Failure is null
                        ? new EcdFailure.Unknown("Alibaba's response could not be recorded")
                        : outcome,
                    store.UtcNow);
            }
        }
    }

    /// <summary>
    /// Retries in the background to record the outcome of a send. Without its outcome, a repeat could not retry a
    /// failed send, and an accepted send would become unknown.
    /// </summary>
    private async Task ApplyOutcomeLaterAsync(Verification sending, EcdOutcome<EcdResponse> outcome)
    {
        for (var pause = TimeSpan.FromSeconds(1); pause <= MaxRecordingPause; pause *= 2)
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
                logger.RecordingRetried(sending.Id, e.GetBaseException().GetType().Name);
            }

            if (isLast)
            {
                return;
            }
        }
    }

    /// <returns>
    /// The record after the write. If the record has a later send by now, a record with the outcome of this send.
    /// </returns>
    private async Task<Verification> RecordOutcomeAsync(
        Verification sending, EcdOutcome<EcdResponse> outcome, bool isFirst)
    {
        var (recorded, late) = await writer.ChangeAsync<Verification>(async conflicts =>
        {
            var current = isFirst && conflicts == 0
                ? sending
                : await store.GetAsync(sending.Id, CancellationToken.None) ?? sending;
            var now = store.UtcNow;
            var next = current.ApplyOutcome(sending.SendCount, outcome, now);
            if (ReferenceEquals(next, current))
            {
                logger.LateResponseIgnored(sending.Id, outcome.Name(), GetRequestId(outcome), current.State);
                return new(Next: null, Result: sending.ApplyOutcome(sending.SendCount, outcome, now));
            }

            return outcome.Failure is EcdFailure.Rejected or EcdFailure.NotSent
                ? new(next, Owner: (await store.GetOwnerSendsAsync(sending.Target.CenOwnerId, CancellationToken.None))
                    .Remove(sending.SendStartedAt))
                : new(next);
        });
        if (recorded is null)
        {
            return late!;
        }

        logger.SendCompleted(recorded.Id, recorded.State, recorded.RequestId);
        return recorded.SendCount == sending.SendCount
            ? recorded
            : sending.ApplyOutcome(sending.SendCount, outcome, store.UtcNow);
    }

    private static string? GetRequestId(EcdOutcome<EcdResponse> outcome) => outcome.Match(
        response => response.RequestId,
        failure => failure.Match(
            rejected => rejected.Error.RequestId, notSent => null, unknown => unknown.Error?.RequestId));
}
