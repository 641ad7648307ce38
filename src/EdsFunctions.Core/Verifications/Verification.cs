using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// The immutable record of a verification. Each rule is a pure function of the record and the time, and yields a
/// decision or the next record.
/// </summary>
public sealed record Verification : ExtensibleRecord
{
    /// <summary>
    /// The largest difference between the time of a signature and Alibaba's clock: a clock may be wrong by this much,
    /// and a delayed request may still be executed until then.
    /// </summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    private static SendFailure Abandoned => new(
        SendFailureKind.Unknown, "the process that sent it ended before Alibaba's response was recorded");

    /// <summary>The limit of checks in <see cref="CheckPeriod"/>: Alibaba counts wrong codes.</summary>
    private const int MaxChecksPerPeriod = 5;

    /// <summary>The longest time until Alibaba's list shows an accepted attachment.</summary>
    private static readonly TimeSpan MaxAttachTime = TimeSpan.FromHours(1);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMinutes(10);

    /// <summary>UUID version 7: ids sort by the time of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>The region, CEN and owner. At most one verification per target is open.</summary>
    public required CenTarget Target { get; init; }

    public required VerificationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The start of the latest send, whatever its outcome.</summary>
    public required DateTimeOffset SendStartedAt { get; init; }

    /// <summary>The start of the latest send that may have reached the owner.</summary>
    public required DateTimeOffset WaitingSince { get; init; }

    /// <summary>The number of recorded sends.</summary>
    public required int SendCount { get; init; }

    /// <summary>Alibaba's id of the latest send that it accepted.</summary>
    public string? RequestId { get; init; }

    /// <summary>
    /// The state before the latest send, restored if the send sends no e-mail; null for the first send.
    /// </summary>
    public VerificationState? StateBefore { get; init; }

    /// <summary>
    /// <see cref="WaitingSince"/> before the latest send; null for the first send, and in records of older versions.
    /// </summary>
    public DateTimeOffset? WaitingSinceBefore { get; init; }

    /// <summary>
    /// The time of the latest e-mail to the target before this verification; null if it was long ago.
    /// </summary>
    public DateTimeOffset? MailBefore { get; init; }

    public string? RequestedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>Why the latest send was not accepted; null if it was accepted or is in progress.</summary>
    public SendFailure? LastFailure { get; init; }

    /// <summary>The reminder state of the log; null before the first report.</summary>
    public ReminderState? Reported { get; init; }

    /// <summary>An attachment that is in progress or whose outcome is unknown.</summary>
    public AttachAttempt? Attaching { get; init; }

    /// <summary>The start of the latest check or attachment.</summary>
    public DateTimeOffset? CodeUsedAt { get; init; }

    /// <summary>The times of the latest checks.</summary>
    public IReadOnlyList<DateTimeOffset>? CheckTimes { get; init; }

    /// <summary>
    /// The office networks that had the CEN at the first run of the timer: any other one is a new attachment. Null
    /// before that run.
    /// </summary>
    public IReadOnlyList<string>? Baseline { get; init; }

    /// <summary>The office network that the CEN was attached to.</summary>
    public string? OfficeSiteId { get; init; }

    /// <summary>
    /// Whether the caller of the latest send has not received the outcome. If so, reports include a failure of this
    /// send.
    /// </summary>
    public bool Unanswered { get; init; }

    /// <summary>The result of the latest check or attachment, if its reply in a chat could not be posted.</summary>
    public LateReply? LateReply { get; init; }

    /// <summary>The reminder states by the name of the channel; null before the first report.</summary>
    public IReadOnlyDictionary<string, ReminderState>? ReportedTo { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? ClosingNote { get; init; }

    /// <summary>
    /// The ids of the latest writes, newest first, separated by spaces: a writer that got no response looks for its own
    /// id.
    /// </summary>
    [JsonPropertyName("writes")]
    public string? WriteIds { get; init; }

    /// <summary>The store's version of the record; null before it is stored.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>Whether the stored record that this one is based on is closed.</summary>
    [JsonIgnore]
    public bool WasClosed { get; init; }

    [JsonIgnore]
    public bool IsOpen => State.IsOpen();

    /// <summary>The time of the latest e-mail to the target that may have been sent; null if it was long ago.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastMailAt => State == VerificationState.Failed ? MailBefore : WaitingSince;

    /// <summary>The reference: the last eight hexadecimal digits of the id, unique among open verifications.</summary>
    [JsonIgnore]
    public string Ref => VerificationIds.GetRef(Id);

    /// <summary>Creates the record of a first send.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">UTC.</param>
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

    /// <summary>Whether the response to a send may still come.</summary>
    public bool IsSendInProgress(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && !IsAbandoned(now, rules);

    /// <summary>Whether a code is being sent, or the CEN is being attached.</summary>
    public bool IsInProgress(DateTimeOffset now, SendRules rules) =>
        IsSendInProgress(now, rules) || IsAttachInProgress(now, rules);

    /// <summary>Resends the code.</summary>
    /// <param name="by">The person or program that requests it; null to keep the earlier value.</param>
    /// <param name="note">The purpose; null to keep the earlier value.</param>
    /// <param name="now">UTC.</param>
    /// <param name="rules">The cooldown, and the time after which a send is abandoned.</param>
    /// <returns>The record to write before the send, or the reason why nothing is sent.</returns>
    public Change<SendVerification.Result> Resend(string? by, string? note, DateTimeOffset now, SendRules rules)
    {
        if (!IsOpen)
        {
            return new SendVerification.Result.AlreadyClosed(this);
        }

        // An abandoned send counts as timed out, even if the timer has not recorded this yet.
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
                Unanswered = false,
            };
    }

    /// <summary>
    /// Whether a recorded send may still start. After a delay by the store or a suspended machine, the send could
    /// otherwise end after it counts as abandoned.
    /// </summary>
    public bool MayDispatch(
        DateTimeOffset now, SendRules rules) => Elapsed(SendStartedAt, now) <= rules.DispatchDeadline;

    /// <summary>
    /// Applies the outcome of the send with the number <paramref name="send"/>. The outcome is applied even after the
    /// send has timed out. It is ignored after a later send, and after the verification was closed.
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
                rejected => NoMail(new SendFailure(
                    SendFailureKind.Rejected,
                    $"Alibaba Cloud rejected the request: {rejected.Error.Code}",
                    rejected.Error), now),
                notSent => NoMail(new SendFailure(SendFailureKind.NotSent, notSent.Reason), now),
                unknown => TimeOut(new SendFailure(SendFailureKind.Unknown, unknown.Reason, unknown.Error))));

    /// <summary>The record after its abandoned send has timed out; null if the send is not abandoned.</summary>
    public Verification? TimeOutAbandonedSend(DateTimeOffset now, SendRules rules) =>
        IsAbandoned(now, rules)
            ? TimeOut(Abandoned)
            : null;

    /// <summary>Closes the verification at the request of a person.</summary>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="by">Who closes it.</param>
    /// <param name="note">The reason.</param>
    /// <param name="now">UTC.</param>
    /// <param name="rules">The time after which a send is abandoned.</param>
    /// <returns>The record to write, or the reason why it is not closed.</returns>
    public Change<CloseVerification.Result> Close(
        VerificationState state, string? by, string? note, DateTimeOffset now, SendRules rules) =>
        !IsOpen ? new CloseVerification.Result.AlreadyClosed(this)
        : IsInProgress(now, rules) ? new CloseVerification.Result.InProgress(this)
        : Closed(state, by, note, now);

    /// <summary>Whether an attachment may still be in progress.</summary>
    public bool IsAttachInProgress(DateTimeOffset now, SendRules rules) => Attaching is { } attempt
        && (attempt.AcceptedAt is { } accepted
            ? Elapsed(accepted, now) < MaxAttachTime
            : Elapsed(attempt.StartedAt, now) < rules.AbandonedAfter);

    /// <summary>Whether an attempt to attach the CEN may still succeed.</summary>
    public bool MayStillAttach(DateTimeOffset now) =>
        Attaching is { } attempt && now - attempt.StartedAt < ClockTolerance;

    /// <summary>Adds a check.</summary>
    /// <returns>The record to write before the check, or the reason why the code is not checked.</returns>
    public Change<CodeUseResult> BeginCheck(DateTimeOffset now)
    {
        var recent = (CheckTimes ?? []).Where(at => Elapsed(at, now) < CheckPeriod).ToArray();
        return recent.Length >= MaxChecksPerPeriod
            ? new CodeUseResult.TooManyChecks(this, CheckPeriod - Elapsed(recent[0], now))
            : this with { CheckTimes = [.. recent, now], CodeUsedAt = now, LateReply = null };
    }

    /// <summary>Adds an attempt to attach the CEN.</summary>
    public Verification BeginAttach(AttachAttempt attempt) =>
        this with { Attaching = attempt, CodeUsedAt = attempt.StartedAt, LateReply = null };

    /// <summary>Completes the verification, whatever its state: the CEN is attached.</summary>
    public Verification Attached(AttachAttempt attempt, string? note, DateTimeOffset now) =>
        Closed(VerificationState.Completed, attempt.By, note, now) with
        {
            OfficeSiteId = attempt.OfficeSiteId,
            Attaching = null,
        };

    /// <summary>The record of the expired verification; null if the verification has not expired.</summary>
    public Verification? Expire(DateTimeOffset now, TimeSpan expireAfter) =>
        IsExpired(now, expireAfter)
            ? Closed(VerificationState.Expired, by: null, note: null, now)
            : null;

    /// <summary>Whether it is open and has waited as long as allowed.</summary>
    public bool IsExpired(DateTimeOffset now, TimeSpan expireAfter) =>
        IsOpen && State != VerificationState.Sending && now - WaitingSince >= expireAfter
        && !MayStillAttach(now);

    /// <summary>Whether it is open and has waited at least as long as the threshold.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan threshold) => IsOpen && now - WaitingSince >= threshold;

    /// <summary>
    /// Whether a report may include and mark it: it is open, or failed in the last two days. The table store cannot
    /// change other closed verifications.
    /// </summary>
    public bool IsCurrent(DateTimeOffset now) =>
        IsOpen || (State == VerificationState.Failed && ClosedAt > now - IdempotencyKey.KeptFor);

    /// <param name="channel">The channel; null for the log.</param>
    public ReminderState? GetReminder(string? channel) =>
        channel is null ? Reported : ReportedTo?.GetValueOrDefault(channel);

    /// <summary>
    /// Whether the latest send failed, and neither its caller nor the channel (null for the log) knows.
    /// </summary>
    public bool IsFailureUnreported(string? channel) =>
        Unanswered
        && LastFailure is { Kind: not SendFailureKind.Unknown }
        && GetReminder(channel)?.FailedSend != SendCount;

    /// <summary>Marks it as reported.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="channel">The channel that accepted the report; null for the log.</param>
    public Verification MarkReported(DateTimeOffset now, string? channel = null) =>
        Mark(channel, NextReminder(channel, now));

    /// <summary>Marks its expiry as reported to a channel, which is null for the log.</summary>
    public Verification MarkFinalNotice(DateTimeOffset now, string? channel) =>
        Mark(channel, NextReminder(channel, now) with { Final = true });

    /// <summary>Marks the failure of its latest send as reported to a channel, which is null for the log.</summary>
    public Verification MarkFailureReported(DateTimeOffset now, string? channel) =>
        Mark(channel, (GetReminder(channel) ?? new ReminderState(0, now)) with { FailedSend = SendCount });

    /// <summary>Whether the response to the latest send may still come, even if this send has timed out.</summary>
    private bool AwaitsResponse =>
        State == VerificationState.Sending
        || (State == VerificationState.Unknown && LastFailure is { Kind: SendFailureKind.Unknown });

    private bool IsAbandoned(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && Elapsed(SendStartedAt, now) >= rules.AbandonedAfter;

    /// <summary>
    /// The time since an event. A time that is further in the future than the tolerance was written by a wrong clock.
    /// It counts as long ago: otherwise, it would block sends until then.
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
    /// Applies an outcome that sent no e-mail: closes the verification if it was the first send, and restores the
    /// earlier state if it was a later send.
    /// </summary>
    private Verification NoMail(SendFailure failure, DateTimeOffset now) =>
        // The response came so late that the CEN is being attached with an earlier code: the attachment decides the
        // state.
        Attaching is not null ? this
        : SendCount == 1
        ? Closed(VerificationState.Failed, by: null, note: null, now) with { LastFailure = failure }
        : this with
        {
            State = StateBefore ?? VerificationState.Unknown,
            // If this send has timed out meanwhile, WaitingSince is the start of this send.
            WaitingSince = WaitingSinceBefore ?? WaitingSince,
            LastFailure = failure,
        };

    /// <summary>A send without a response is closed as one with an unknown outcome.</summary>
    private Verification Closed(VerificationState state, string? by, string? note, DateTimeOffset now) =>
        (State == VerificationState.Sending ? TimeOut(Abandoned) : this) with
        {
            State = state,
            ClosedAt = now,
            ClosedBy = by,
            ClosingNote = note,
        };
}

/// <summary>
/// An attempt to attach a CEN. Recorded before the call, so that after a crash its outcome is read before the CEN is
/// attached again.
/// </summary>
/// <param name="OfficeSiteId">The office network.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="By">Who attaches it, in the caller's words.</param>
/// <param name="AcceptedAt">
/// When Alibaba accepted the attachment, if its list did not show it yet; otherwise null.
/// </param>
public sealed record AttachAttempt(
    string OfficeSiteId, DateTimeOffset StartedAt, string? By, DateTimeOffset? AcceptedAt = null) : ExtensibleRecord;

/// <summary>A late reply to a chat command, which could not be posted to the chat.</summary>
/// <param name="At">UTC.</param>
/// <param name="Text">Its lines, in the language of the chats.</param>
public sealed record LateReply(DateTimeOffset At, string Text) : ExtensibleRecord;

/// <summary>Why a send was not accepted.</summary>
/// <param name="Kind">Whether an e-mail was sent.</param>
/// <param name="Reason">The reason in words, without any part of the request.</param>
/// <param name="Error">Alibaba's error; null if there was none.</param>
public sealed record SendFailure(SendFailureKind Kind, string Reason, EcdError? Error = null) : ExtensibleRecord
{
    /// <summary>Whether no e-mail was sent, and the same request may succeed later.</summary>
    [JsonIgnore]
    public bool MayPass => Kind == SendFailureKind.NotSent
        || (Kind == SendFailureKind.Rejected && Error is { Kind: EcdErrorKind.Throttled });
}

/// <summary>Whether a send that was not accepted sent an e-mail.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SendFailureKind>))]
public enum SendFailureKind
{
    /// <summary>No: Alibaba Cloud rejected the request.</summary>
    Rejected,

    /// <summary>No: Alibaba was not reached.</summary>
    NotSent,

    /// <summary>Maybe: there was no usable response.</summary>
    Unknown,
}

/// <summary>The reminders of a verification in one channel.</summary>
/// <param name="Count">The number of reports that listed it as stale.</param>
/// <param name="At">UTC.</param>
/// <param name="Final">Whether its expiry was reported.</param>
/// <param name="FailedSend">The number of the failed send that was reported last; 0 for none.</param>
public sealed record ReminderState(
    int Count,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int FailedSend = 0)
    : ExtensibleRecord
{
    /// <summary>The limit of doublings, which prevents an overflow.</summary>
    private const int MaxDoublings = 16;

    /// <summary>The time of the next reminder: the wait doubles each time.</summary>
    public DateTimeOffset NextAt(TimeSpan repeatAfter) =>
        Count == 0 ? At : At + (repeatAfter * (1L << Math.Min(Count - 1, MaxDoublings)));
}

/// <summary>The limits of sends.</summary>
/// <param name="ResendCooldown">The time between two e-mails to one target.</param>
/// <param name="AbandonedAfter">The time after which a recorded send without a response counts as abandoned.</param>
/// <param name="DispatchDeadline">
/// The time within which a recorded send may start, so that it ends before it counts as abandoned.
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
    /// <summary>The rest of the cooldown; null if a code may be sent now.</summary>
    /// <param name="lastMailAt">The time of the latest e-mail to the target; null if it was long ago.</param>
    /// <param name="now">UTC.</param>
    public TimeSpan? CooldownLeft(DateTimeOffset? lastMailAt, DateTimeOffset now) =>
        lastMailAt is { } at && ResendCooldown - Verification.Elapsed(at, now) is { Ticks: > 0 } left
            // A time from a clock that is ahead must not lengthen the cooldown.
            ? left < ResendCooldown ? left : ResendCooldown
            : null;
}
