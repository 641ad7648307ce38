using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The immutable record of a verification, with the rules for its changes. Each rule is a pure function of the record
/// and the time. It returns a decision, or the changed record.
/// </summary>
public sealed record Verification : ExtensibleRecord
{
    /// <summary>
    /// The largest difference that Alibaba accepts between the time in a signature and its own clock. The clock of an
    /// instance may be wrong by this much, and Alibaba may still carry out a request that arrives this late.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    private static SendFailure Abandoned => new(
        SendFailureKind.Unknown, "the process that sent the code ended before it recorded Alibaba's response");

    /// <summary>
    /// The maximum number of checks within <see cref="CheckPeriod"/>, because Alibaba counts wrong codes.
    /// </summary>
    private const int MaxChecksPerPeriod = 5;

    /// <summary>The longest time that Alibaba may take to list an attachment that it has accepted.</summary>
    private static readonly TimeSpan MaxAttachTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMinutes(10);

    /// <summary>The id, a UUID version 7, so that the order of ids is the order of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>The target: the region, the CEN and its owner. At most one verification per target is open.</summary>
    public required CenTarget Target { get; init; }

    public required VerificationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest send started, whatever its outcome is.</summary>
    public required DateTimeOffset SendStartedAt { get; init; }

    /// <summary>When the latest send started that may have reached the owner.</summary>
    public required DateTimeOffset WaitingSince { get; init; }

    /// <summary>The number of sends that were recorded for this verification.</summary>
    public required int SendCount { get; init; }

    /// <summary>Alibaba's id of the latest send that it accepted.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The state before the latest send, which is restored if this send results in no e-mail. Null for the first send.
    /// </summary>
    public VerificationState? StateBefore { get; init; }

    /// <summary>
    /// The value of <see cref="WaitingSince"/> before the latest send; null for the first send, and in records of older
    /// versions of the app.
    /// </summary>
    public DateTimeOffset? WaitingSinceBefore { get; init; }

    /// <summary>
    /// The time of the latest e-mail to the target before this verification was created; null if that was long ago.
    /// </summary>
    public DateTimeOffset? MailBefore { get; init; }

    public string? RequestedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>
    /// Why Alibaba did not accept the latest send; null if Alibaba accepted it, or if it is in progress.
    /// </summary>
    public SendFailure? LastFailure { get; init; }

    /// <summary>The reminders in the log; null before the first report.</summary>
    public ReminderState? Reported { get; init; }

    /// <summary>The attachment that is in progress, or whose outcome is unknown; null if there is none.</summary>
    public AttachAttempt? Attaching { get; init; }

    /// <summary>When the latest check or attachment started.</summary>
    public DateTimeOffset? CodeUsedAt { get; init; }

    /// <summary>The times of the latest checks of a code, for their limit.</summary>
    public IReadOnlyList<DateTimeOffset>? CheckTimes { get; init; }

    /// <summary>
    /// The office networks that the CEN was attached to at the first run of the timer. An attachment to any other
    /// office network is new. Null before that run.
    /// </summary>
    public IReadOnlyList<string>? Baseline { get; init; }

    /// <summary>The office network that the CEN was attached to.</summary>
    public string? OfficeSiteId { get; init; }

    /// <summary>
    /// Whether the caller of the latest send has not received its outcome. If so, reports include a failure of this
    /// send.
    /// </summary>
    [JsonPropertyName("unanswered")]
    public bool OutcomeUndelivered { get; init; }

    /// <summary>The result of the latest check or attachment, if its reply in a chat could not be posted.</summary>
    public LateReply? LateReply { get; init; }

    /// <summary>The reminders by the name of the report channel; null before the first report.</summary>
    public IReadOnlyDictionary<string, ReminderState>? ReportedTo { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? ClosingNote { get; init; }

    /// <summary>
    /// The ids of the latest writes of this record, newest first, separated by spaces. A writer that got no response
    /// looks for the id of its write.
    /// </summary>
    [JsonPropertyName("writes")]
    public string? WriteIds { get; init; }

    /// <summary>The version of the record in the store; null before the record is stored.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>Whether the verification was closed in the stored record from which this record was made.</summary>
    [JsonIgnore]
    public bool WasClosed { get; init; }

    [JsonIgnore]
    public bool IsOpen => State.IsOpen();

    /// <summary>
    /// The time of the latest e-mail that may have been sent to the target; null if that was long ago.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? LastMailAt => State == VerificationState.Failed ? MailBefore : WaitingSince;

    /// <summary>The reference: the last eight hexadecimal digits of the id, unique among open verifications.</summary>
    [JsonIgnore]
    public string Ref => VerificationIds.GetRef(Id);

    /// <summary>Creates the record of a first send.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="mailBefore">The time of the latest e-mail to the target; null if it was long ago.</param>
    public static Verification Begin(
        SendVerification.Request request, DateTimeOffset now, DateTimeOffset? mailBefore = null) => new()
        {
            Id = Guid.CreateVersion7(now),
            Target = request.Target,
            State = VerificationState.Sending,
            CreatedAt = now,
            SendStartedAt = now,
            WaitingSince = now,
            SendCount = 1,
            RequestedBy = request.RequestedBy,
            Note = request.Note,
            MailBefore = mailBefore,
        };

    /// <summary>Whether a send is in progress, so that Alibaba's response may still come.</summary>
    public bool IsSendInProgress(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && !IsAbandoned(now, rules);

    /// <summary>Whether a code is being sent, or the CEN is being attached.</summary>
    public bool IsInProgress(DateTimeOffset now, SendRules rules) =>
        IsSendInProgress(now, rules) || IsAttachInProgress(now, rules);

    /// <summary>Resends the code.</summary>
    /// <param name="by">The person or program that requests the code; null to keep the earlier value.</param>
    /// <param name="note">The purpose; null to keep the earlier value.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="rules">The cooldown, and the time after which a send is abandoned.</param>
    /// <returns>The record to write before the send, or the reason why nothing is sent.</returns>
    public Change<SendVerification.Result> Resend(string? by, string? note, DateTimeOffset now, SendRules rules)
    {
        if (!IsOpen)
        {
            return new SendVerification.Result.AlreadyClosed(this);
        }

        // An abandoned send counts as timed out, even if the timer has not recorded its timeout yet.
        var current = TimeOutAbandonedSend(now, rules) ?? this;
        if (IsInProgress(now, rules))
        {
            return new SendVerification.Result.InProgress(this);
        }

        return rules.CooldownLeft(current.WaitingSince, now) is { } left
            ? new SendVerification.Result.TooSoon(this, left)
            : current with
            {
                State = VerificationState.Sending,
                StateBefore = current.State,
                WaitingSinceBefore = current.WaitingSince,
                SendStartedAt = now,
                SendCount = SendCount + 1,
                RequestedBy = by ?? RequestedBy,
                Note = note ?? Note,
                LastFailure = null,
                OutcomeUndelivered = false,
            };
    }

    /// <summary>
    /// Whether a recorded send may still start. After a long delay, for example because the store was slow, the send
    /// could otherwise end only after it counts as abandoned.
    /// </summary>
    public bool MayDispatch(
        DateTimeOffset now, SendRules rules) => Elapsed(SendStartedAt, now) <= rules.DispatchDeadline;

    /// <summary>
    /// Applies the outcome of the send with the number <paramref name="send"/>, even if this send has timed out.
    /// Ignores the outcome if there was a later send, or if the verification was closed.
    /// </summary>
    public Verification ApplyOutcome(int send, EcdOutcome<EcdResponse> outcome, DateTimeOffset now) =>
        SendCount != send || !AwaitsResponse ? this
        : outcome.Match(
            response => this with
            {
                State = VerificationState.Pending,
                RequestId = response.RequestId,
                WaitingSince = SendStartedAt,
                LastFailure = null,
                Reported = null,
                ReportedTo = null,
            },
            failure => failure.Match(
                rejected => ApplyNoEmail(new SendFailure(
                    SendFailureKind.Rejected,
                    $"Alibaba Cloud rejected the request: {rejected.Error.Code}",
                    rejected.Error), now),
                notSent => ApplyNoEmail(new SendFailure(SendFailureKind.NotSent, notSent.Reason), now),
                unknown => TimeOut(new SendFailure(SendFailureKind.Unknown, unknown.Reason, unknown.Error))));

    /// <summary>
    /// Returns the record with its abandoned send timed out; null if the latest send is not abandoned.
    /// </summary>
    public Verification? TimeOutAbandonedSend(DateTimeOffset now, SendRules rules) =>
        IsAbandoned(now, rules)
            ? TimeOut(Abandoned)
            : null;

    /// <summary>Closes the verification at the request of a person.</summary>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="by">The person or program that closes the verification.</param>
    /// <param name="note">The reason.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="rules">The time after which a send is abandoned.</param>
    /// <returns>The record to write, or the reason why the verification cannot be closed.</returns>
    public Change<CloseVerification.Result> Close(
        VerificationState state, string? by, string? note, DateTimeOffset now, SendRules rules) =>
        !IsOpen ? new CloseVerification.Result.AlreadyClosed(this)
        : IsInProgress(now, rules) ? new CloseVerification.Result.InProgress(this)
        : CloseAs(state, by, note, now);

    /// <summary>Whether an attachment may still be in progress.</summary>
    public bool IsAttachInProgress(DateTimeOffset now, SendRules rules) => Attaching is { } attempt
        && (attempt.AcceptedAt is { } accepted
            ? Elapsed(accepted, now) < MaxAttachTime
            : Elapsed(attempt.StartedAt, now) < rules.AbandonedAfter);

    /// <summary>Whether an attempt to attach the CEN may still succeed.</summary>
    public bool MayStillAttach(DateTimeOffset now) =>
        Attaching is { } attempt && now - attempt.StartedAt < ClockTolerance;

    /// <summary>Records a check of a code.</summary>
    /// <returns>The record to write before the call to Alibaba, or the reason why the code is not checked.</returns>
    public Change<CodeUseResult> BeginCheck(DateTimeOffset now)
    {
        var recent = (CheckTimes ?? []).Where(at => Elapsed(at, now) < CheckPeriod).ToArray();
        return recent.Length >= MaxChecksPerPeriod
            ? new CodeUseResult.TooManyChecks(this, CheckPeriod - Elapsed(recent[0], now))
            : this with { CheckTimes = [.. recent, now], CodeUsedAt = now, LateReply = null };
    }

    /// <summary>Records an attempt to attach the CEN.</summary>
    public Verification BeginAttach(AttachAttempt attempt) =>
        this with { Attaching = attempt, CodeUsedAt = attempt.StartedAt, LateReply = null };

    /// <summary>
    /// Completes the verification because its CEN is attached, whatever the state of the verification is.
    /// </summary>
    public Verification CompleteAttachment(AttachAttempt attempt, string? note, DateTimeOffset now) =>
        CloseAs(VerificationState.Completed, attempt.By, note, now) with
        {
            OfficeSiteId = attempt.OfficeSiteId,
            Attaching = null,
        };

    /// <summary>Closes the verification as expired. Returns null if the verification has not expired.</summary>
    public Verification? Expire(DateTimeOffset now, TimeSpan expireAfter) =>
        IsExpired(now, expireAfter)
            ? CloseAs(VerificationState.Expired, by: null, note: null, now)
            : null;

    /// <summary>
    /// Whether the verification is open, and has waited for as long as <c>Verifications:ExpireAfter</c> allows.
    /// </summary>
    public bool IsExpired(DateTimeOffset now, TimeSpan expireAfter) =>
        IsOpen && State != VerificationState.Sending && now - WaitingSince >= expireAfter
        && !MayStillAttach(now);

    /// <summary>
    /// Whether the verification is open, and has waited for at least as long as the threshold of the report.
    /// </summary>
    public bool IsStale(DateTimeOffset now, TimeSpan threshold) => IsOpen && now - WaitingSince >= threshold;

    /// <summary>
    /// Whether a report may include the verification: it is open, or failed in the last two days. The table store
    /// cannot change other closed verifications, so they could not be marked as reported.
    /// </summary>
    public bool IsCurrent(DateTimeOffset now) =>
        IsOpen || (State == VerificationState.Failed && ClosedAt > now - IdempotencyKey.KeptFor);

    /// <param name="channel">The channel; null for the log.</param>
    public ReminderState? GetReminder(string? channel) =>
        channel is null ? Reported : ReportedTo?.GetValueOrDefault(channel);

    /// <summary>
    /// Whether the latest send failed, and neither its caller nor a channel was notified. The channel is null for the
    /// log.
    /// </summary>
    public bool IsFailureUnreported(string? channel) =>
        OutcomeUndelivered
        && LastFailure is { Kind: not SendFailureKind.Unknown }
        && GetReminder(channel)?.FailedSend != SendCount;

    /// <summary>Marks the verification as reported.</summary>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="channel">The channel that accepted the report; null for the log.</param>
    public Verification MarkReported(DateTimeOffset now, string? channel = null) =>
        Mark(channel, NextReminder(channel, now));

    /// <summary>Marks the expiry of the verification as reported to a channel, which is null for the log.</summary>
    public Verification MarkFinalNotice(DateTimeOffset now, string? channel) =>
        Mark(channel, NextReminder(channel, now) with { Final = true });

    /// <summary>Marks the failure of the latest send as reported to a channel, which is null for the log.</summary>
    public Verification MarkFailureReported(DateTimeOffset now, string? channel) =>
        Mark(channel, (GetReminder(channel) ?? new ReminderState(0, now)) with { FailedSend = SendCount });

    /// <summary>Whether the response to the latest send may still come, even if this send has timed out.</summary>
    private bool AwaitsResponse =>
        State == VerificationState.Sending
        || (State == VerificationState.Unknown && LastFailure is { Kind: SendFailureKind.Unknown });

    private bool IsAbandoned(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && Elapsed(SendStartedAt, now) >= rules.AbandonedAfter;

    /// <summary>
    /// The time since an event. If the time of the event is further in the future than a clock may be wrong, the event
    /// counts as long ago. Otherwise, the event would block sends until that time.
    /// </summary>
    internal static TimeSpan Elapsed(DateTimeOffset since, DateTimeOffset now) =>
        since - now > ClockTolerance ? TimeSpan.MaxValue : now - since;

    private ReminderState NextReminder(string? channel, DateTimeOffset now) =>
        GetReminder(channel) is { } reminder
            ? reminder with { Count = reminder.Count + 1, At = now }
            : new ReminderState(1, now);

    private Verification Mark(string? channel, ReminderState reminder)
    {
        if (channel is null)
        {
            return this with { Reported = reminder };
        }

        var reported = ReportedTo ?? new Dictionary<string, ReminderState>();
        return this with { ReportedTo = new Dictionary<string, ReminderState>(reported) { [channel] = reminder } };
    }

    private Verification TimeOut(SendFailure failure) => this with
    {
        State = VerificationState.Unknown,
        WaitingSince = SendStartedAt,
        LastFailure = failure,
        Reported = null,
        ReportedTo = null,
    };

    /// <summary>
    /// Applies the outcome of a send that resulted in no e-mail. Closes the verification after a first send. Restores
    /// the earlier state after a later send.
    /// </summary>
    private Verification ApplyNoEmail(SendFailure failure, DateTimeOffset now) =>
        // Alibaba's response came so late that the CEN is being attached with an earlier code. The attachment decides
        // about the state.
        Attaching is not null ? this
        : SendCount == 1
        ? CloseAs(VerificationState.Failed, by: null, note: null, now) with { LastFailure = failure }
        : this with
        {
            State = StateBefore ?? VerificationState.Unknown,
            // Restore the time too: if this send had timed out, WaitingSince is the start of this send.
            WaitingSince = WaitingSinceBefore ?? WaitingSince,
            LastFailure = failure,
        };

    /// <summary>
    /// Closes the verification. If its latest send has no response, the outcome of this send is recorded as unknown.
    /// </summary>
    private Verification CloseAs(VerificationState state, string? by, string? note, DateTimeOffset now) =>
        (State == VerificationState.Sending ? TimeOut(Abandoned) : this) with
        {
            State = state,
            ClosedAt = now,
            ClosedBy = by,
            ClosingNote = note,
        };
}

/// <summary>
/// An attempt to attach a CEN. Recorded before Alibaba is called, so that after a crash the app reads the outcome from
/// Alibaba's list before it attaches the CEN again.
/// </summary>
/// <param name="OfficeSiteId">The office network.</param>
/// <param name="StartedAt">When the attempt started, in UTC.</param>
/// <param name="By">The person or program that attaches the CEN, as the caller names it.</param>
/// <param name="AcceptedAt">
/// When Alibaba accepted the attachment. Set only while Alibaba's list does not show the attachment; otherwise null.
/// </param>
public sealed record AttachAttempt(
    string OfficeSiteId, DateTimeOffset StartedAt, string? By, DateTimeOffset? AcceptedAt = null) : ExtensibleRecord;

/// <summary>A late reply to a chat command, which could not be posted to the chat.</summary>
/// <param name="At">The time, in UTC.</param>
/// <param name="Text">The lines of the reply, in the language of the chats.</param>
public sealed record LateReply(DateTimeOffset At, string Text) : ExtensibleRecord;

/// <summary>Why Alibaba did not accept a send.</summary>
/// <param name="Kind">Whether an e-mail was sent.</param>
/// <param name="Reason">The reason in words, without any part of the request.</param>
/// <param name="Error">Alibaba's error; null if there was none.</param>
public sealed record SendFailure(SendFailureKind Kind, string Reason, EcdError? Error = null) : ExtensibleRecord
{
    /// <summary>Whether certainly no e-mail was sent, and the same request may succeed later.</summary>
    [JsonIgnore]
    public bool MayPass => Kind == SendFailureKind.NotSent
        || (Kind == SendFailureKind.Rejected && Error is { Kind: EcdErrorKind.Throttled });
}

/// <summary>Whether a send that Alibaba did not accept has sent an e-mail nevertheless.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SendFailureKind>))]
public enum SendFailureKind
{
    /// <summary>No e-mail was sent, because Alibaba Cloud rejected the request.</summary>
    Rejected,

    /// <summary>No e-mail was sent, because the request did not reach Alibaba Cloud.</summary>
    NotSent,

    /// <summary>An e-mail may have been sent, because there was no valid response.</summary>
    Unknown,
}

/// <summary>The reminders of a verification that one report channel has got.</summary>
/// <param name="Count">The number of reports that listed the verification as stale.</param>
/// <param name="At">The time, in UTC.</param>
/// <param name="Final">Whether the expiry of the verification was reported.</param>
/// <param name="FailedSend">The number of the send whose failure was reported last; 0 if none was reported.</param>
public sealed record ReminderState(
    int Count,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int FailedSend = 0)
    : ExtensibleRecord
{
    /// <summary>The maximum number of times that the wait is doubled, which prevents an overflow.</summary>
    private const int MaxDoublings = 16;

    /// <summary>The time of the next reminder. The wait doubles with each reminder.</summary>
    public DateTimeOffset NextAt(TimeSpan repeatAfter) =>
        Count == 0 ? At : At + (repeatAfter * (1L << Math.Min(Count - 1, MaxDoublings)));
}

/// <summary>The limits of sends, from the settings.</summary>
/// <param name="ResendCooldown">The time between two e-mails to one target.</param>
/// <param name="AbandonedAfter">The time after which a recorded send without a response counts as abandoned.</param>
/// <param name="DispatchDeadline">
/// The longest time between the record of a send and its start, so that the send ends before it counts as abandoned.
/// </param>
/// <param name="ExpireAfter">The time after which a verification expires.</param>
/// <param name="MaxSendsPerOwnerPerHour">The most e-mails to one owner in an hour.</param>
public sealed record SendRules(
    TimeSpan ResendCooldown,
    TimeSpan AbandonedAfter,
    TimeSpan DispatchDeadline,
    TimeSpan ExpireAfter,
    int MaxSendsPerOwnerPerHour)
{
    /// <summary>The time that is left of the cooldown; null if a code may be sent now.</summary>
    /// <param name="lastMailAt">The time of the latest e-mail to the target; null if it was long ago.</param>
    /// <param name="now">The current time, in UTC.</param>
    public TimeSpan? CooldownLeft(DateTimeOffset? lastMailAt, DateTimeOffset now) =>
        lastMailAt is { } at && ResendCooldown - Verification.Elapsed(at, now) is { Ticks: > 0 } left
            // The stored time may come from an instance whose clock was ahead. That must not lengthen the cooldown.
            ? left < ResendCooldown ? left : ResendCooldown
            : null;
}
