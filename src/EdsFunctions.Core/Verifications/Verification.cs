using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// A code that Alibaba was asked to e-mail, and what became of it. The record does not change; each rule is a pure function of it and
/// the time, and yields the decision or the next record.
/// </summary>
public sealed record Verification : ExtensibleRecord
{
    /// <summary>As much as a clock may be off for Alibaba to take a request at all.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    private static readonly SendFailure Abandoned = new(
        SendFailureKind.Unknown, "the process that sent it ended before Alibaba's answer was recorded");

    /// <summary>In this time a code may be checked so often: a wrong one uses up a try that the owner needs.</summary>
    private const int MaxChecksPerPeriod = 5;

    /// <summary>How long an attachment that Alibaba has accepted may take until its list shows it.</summary>
    private static readonly TimeSpan AttachesWithin = TimeSpan.FromHours(1);

    private static readonly TimeSpan CheckPeriod = TimeSpan.FromMinutes(10);

    /// <summary>UUID version 7, so that ids sort by the time of creation.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose code. At most one verification per target is open.</summary>
    public required CenTarget Target { get; init; }

    public required VerificationState State { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the latest send began, whatever became of it.</summary>
    public required DateTimeOffset SendStartedAt { get; init; }

    /// <summary>Since when the owner may have a code that nobody used: the latest send that may have reached them.</summary>
    public required DateTimeOffset WaitingSince { get; init; }

    /// <summary>How often a send was decided.</summary>
    public required int SendCount { get; init; }

    /// <summary>Alibaba's id of the latest send that it accepted.</summary>
    public string? RequestId { get; init; }

    /// <summary>Where it stood before the latest send, and stands again if that reached nobody; null for the first one.</summary>
    public VerificationState? StateBefore { get; init; }

    /// <summary>Since when it waited then; null for the first send, and in records of versions that did not keep it.</summary>
    public DateTimeOffset? WaitingSinceBefore { get; init; }

    /// <summary>When the target may last have got an e-mail before this verification was created; null if that is long ago.</summary>
    public DateTimeOffset? MailBefore { get; init; }

    public string? RequestedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>Why the latest send was not accepted; null if it was, or is under way.</summary>
    public SendFailure? LastFailure { get; init; }

    /// <summary>What the log was told; null for nothing yet.</summary>
    public ReminderState? Reported { get; init; }

    /// <summary>An attachment that Alibaba was asked for, and that nobody knows the outcome of yet.</summary>
    public AttachAttempt? Attaching { get; init; }

    /// <summary>How often a code was checked.</summary>
    public int Checks { get; init; }

    /// <summary>When a code was checked lately.</summary>
    public IReadOnlyList<DateTimeOffset>? CheckTimes { get; init; }

    /// <summary>
    /// The office networks that the CEN was attached to before: what is attached besides them is new. Null until the first run looked.
    /// </summary>
    public IReadOnlyList<string>? Baseline { get; init; }

    /// <summary>The office network that the CEN was attached to in the end.</summary>
    public string? OfficeSiteId { get; init; }

    /// <summary>Whether the caller of the latest send was not told how it ended: a report names its failure.</summary>
    public bool Unanswered { get; init; }

    /// <summary>What each channel was told, by the channel's name; null for none.</summary>
    public IReadOnlyDictionary<string, ReminderState>? ReportedTo { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? ClosingNote { get; init; }

    /// <summary>The ids of the latest writes, newest first, separated by spaces, by which a writer recognizes a write of its own whose response was lost.</summary>
    [JsonPropertyName("writes")]
    public string? WriteIds { get; init; }

    /// <summary>The store's mark of this very version, which an update has to name; null before it is stored.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    /// <summary>Whether the stored version, that this one is based on, is closed.</summary>
    [JsonIgnore]
    public bool WasClosed { get; init; }

    [JsonIgnore]
    public bool IsOpen => State.IsOpen();

    /// <summary>When the target may last have got an e-mail; null if that is long ago.</summary>
    [JsonIgnore]
    public DateTimeOffset? LastMailAt => State == VerificationState.Failed ? MailBefore : WaitingSince;

    /// <summary>The short reference for people: the last eight hexadecimal digits of the id, unique among the open ones.</summary>
    [JsonIgnore]
    public string Ref => VerificationIds.GetRef(Id);

    /// <summary>The first record of a new verification: about to send.</summary>
    /// <param name="request">The request.</param>
    /// <param name="now">UTC.</param>
    /// <param name="mailBefore">When the target may last have got an e-mail.</param>
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

    /// <summary>Whether a send has begun whose answer may still come.</summary>
    public bool IsSendInProgress(DateTimeOffset now, SendRules rules) => State == VerificationState.Sending && !IsAbandoned(now, rules);

    /// <summary>Whether a code is being sent, or the CEN attached.</summary>
    public bool IsInProgress(DateTimeOffset now, SendRules rules) => IsSendInProgress(now, rules) || IsAttachInProgress(now, rules);

    /// <summary>Resends the code.</summary>
    /// <param name="by">Who asks for it; null to leave that as it is.</param>
    /// <param name="note">What for; null to leave that as it is.</param>
    /// <param name="now">UTC.</param>
    /// <param name="rules">The cooldown, and what tells an abandoned send from one in progress.</param>
    /// <returns>The record to write before the send, or why nothing is sent.</returns>
    public Change<SendVerification.Result> Resend(string? by, string? note, DateTimeOffset now, SendRules rules)
    {
        if (!IsOpen)
        {
            return new SendVerification.Result.AlreadyClosed(this);
        }

        // An abandoned send counts as timed out, whether or not the timer has seen it.
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
    /// Whether the send that was recorded may still begin. One that was held up for so long, by the store or by a machine that stood
    /// still, that it could outlast its own record, may not.
    /// </summary>
    public bool MayDispatch(DateTimeOffset now, SendRules rules) => Elapsed(SendStartedAt, now) <= rules.DispatchDeadline;

    /// <summary>
    /// The send number <paramref name="send"/> ended. An answer that comes after the send was given up for lost still counts; one
    /// that comes after the verification went on or was closed changes nothing.
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
                    SendFailureKind.Rejected, $"Alibaba refused: {rejected.Error.Code}", rejected.Error), now),
                notSent => NoMail(new SendFailure(SendFailureKind.NotSent, notSent.Reason), now),
                unknown => TimeOut(new SendFailure(SendFailureKind.Unknown, unknown.Reason, unknown.Error))));

    /// <summary>The record once its send has had no answer for longer than any process waits; null while it may come.</summary>
    public Verification? TimeOutAbandonedSend(DateTimeOffset now, SendRules rules) =>
        IsAbandoned(now, rules)
            ? TimeOut(Abandoned)
            : null;

    /// <summary>A person closes it.</summary>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="by">Who.</param>
    /// <param name="note">Why.</param>
    /// <param name="now">UTC.</param>
    /// <param name="rules">What tells an orphan from a send under way.</param>
    /// <returns>The record to write, or why it is not closed.</returns>
    public Change<CloseVerification.Result> Close(
        VerificationState state, string? by, string? note, DateTimeOffset now, SendRules rules) =>
        !IsOpen ? new CloseVerification.Result.AlreadyClosed(this)
        : IsInProgress(now, rules) ? new CloseVerification.Result.InProgress(this)
        : Closed(state, by, note, now);

    /// <summary>Whether an attachment has begun whose answer may still come.</summary>
    public bool IsAttachInProgress(DateTimeOffset now, SendRules rules) => Attaching is { } attempt
        && (attempt.AcceptedAt is { } accepted ? Elapsed(accepted, now) < AttachesWithin : Elapsed(attempt.StartedAt, now) < rules.AbandonedAfter);

    /// <summary>A code is about to be checked.</summary>
    /// <returns>The record to write before the check, or why the code is not checked.</returns>
    public Change<AttachToOfficeSite.Result> BeginCheck(DateTimeOffset now)
    {
        var recent = (CheckTimes ?? []).Where(at => Elapsed(at, now) < CheckPeriod).ToArray();
        return recent.Length >= MaxChecksPerPeriod
            ? new AttachToOfficeSite.Result.TooManyChecks(this, CheckPeriod - Elapsed(recent[0], now))
            : this with { Checks = Checks + 1, CheckTimes = [.. recent, now] };
    }

    /// <summary>The CEN is about to be attached.</summary>
    public Verification BeginAttach(AttachAttempt attempt) => this with { Attaching = attempt };

    /// <summary>The CEN is attached: completed, whatever the state of the code.</summary>
    public Verification Attached(AttachAttempt attempt, string? note, DateTimeOffset now) =>
        Closed(VerificationState.Completed, attempt.By, note, now) with { OfficeSiteId = attempt.OfficeSiteId, Attaching = null };

    /// <summary>The record once it has waited longer than policy allows; null before.</summary>
    public Verification? Expire(DateTimeOffset now, TimeSpan expireAfter) =>
        IsExpired(now, expireAfter)
            ? Closed(VerificationState.Expired, by: null, note: null, now)
            : null;

    /// <summary>Whether it has waited longer than policy allows, and is still open.</summary>
    public bool IsExpired(DateTimeOffset now, TimeSpan expireAfter) =>
        IsOpen && State != VerificationState.Sending && now - WaitingSince >= expireAfter
        // What is being attached right now is not given up.
        && (Attaching is null || now - Attaching.StartedAt >= ClockTolerance);

    /// <summary>Whether it waits longer than someone should.</summary>
    public bool IsStale(DateTimeOffset now, TimeSpan threshold) => IsOpen && now - WaitingSince >= threshold;

    /// <summary>
    /// Whether a report can still name it, and mark it: the table changes none that was closed otherwise, or long ago.
    /// </summary>
    public bool IsCurrent(DateTimeOffset now) =>
        IsOpen || (State == VerificationState.Failed && ClosedAt > now - IdempotencyKey.KeptFor);

    /// <summary>What a channel was told, or the log, which has no name.</summary>
    public ReminderState? GetReminder(string? channel) => channel is null ? Reported : ReportedTo?.GetValueOrDefault(channel);

    /// <summary>Whether the latest send failed, and neither its caller nor a channel was told; null for the log.</summary>
    public bool IsFailureUnreported(string? channel) =>
        Unanswered && LastFailure is { Kind: not SendFailureKind.Unknown } && GetReminder(channel)?.FailedSend != SendCount;

    /// <summary>A report has named it.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="channel">The channel that took the report; null for the log.</param>
    public Verification MarkReported(DateTimeOffset now, string? channel = null) =>
        Mark(channel, NextReminder(channel, now));

    /// <summary>A channel was told that it is closed, or the log, which has no name.</summary>
    public Verification MarkFinalNotice(DateTimeOffset now, string? channel) => Mark(channel, NextReminder(channel, now) with { Final = true });

    /// <summary>A channel was told that its latest send failed, or the log, which has no name.</summary>
    public Verification MarkFailureReported(DateTimeOffset now, string? channel) =>
        Mark(channel, (GetReminder(channel) ?? new ReminderState(0, now)) with { FailedSend = SendCount });

    /// <summary>A send that was given up for lost can still be answered.</summary>
    private bool AwaitsResponse =>
        State == VerificationState.Sending
        || (State == VerificationState.Unknown && LastFailure is { Kind: SendFailureKind.Unknown });

    private bool IsAbandoned(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && Elapsed(SendStartedAt, now) >= rules.AbandonedAfter;

    /// <summary>
    /// How long ago something was. A time further ahead than clocks may differ was written by a clock that was wrong, and is taken for
    /// long ago: nobody has to wait until the right clock gets there.
    /// </summary>
    internal static TimeSpan Elapsed(DateTimeOffset since, DateTimeOffset now) =>
        since - now > ClockTolerance ? TimeSpan.MaxValue : now - since;

    private ReminderState NextReminder(string? channel, DateTimeOffset now) =>
        GetReminder(channel) is { } mark ? mark with { Count = mark.Count + 1, At = now } : new ReminderState(1, now);

    private Verification Mark(string? channel, ReminderState mark) => channel is null
        ? this with { Reported = mark }
        : this with { ReportedTo = new Dictionary<string, ReminderState>(ReportedTo ?? new Dictionary<string, ReminderState>()) { [channel] = mark } };

    private Verification TimeOut(SendFailure failure) => this with
    {
        State = VerificationState.Unknown,
        WaitingSince = SendStartedAt,
        LastFailure = failure,
        Reported = null,
        ReportedTo = null,
    };

    /// <summary>
    /// The first send reached nobody: closed. A later one reached nobody: the earlier e-mail still waits, as it did before.
    /// </summary>
    private Verification NoMail(SendFailure failure, DateTimeOffset now) =>
        // It came so late that an earlier code is being used: the attachment decides.
        Attaching is not null ? this
        : SendCount == 1
        ? Closed(VerificationState.Failed, by: null, note: null, now) with { LastFailure = failure }
        : this with
        {
            State = StateBefore ?? VerificationState.Unknown,
            // Given up for lost in the meantime, it waited since this send.
            WaitingSince = WaitingSinceBefore ?? WaitingSince,
            LastFailure = failure,
        };

    /// <summary>A send that has no response yet must not look like an accepted one afterwards.</summary>
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
/// An attachment that Alibaba was asked for. It is on record before the call, so that whoever finds it after a crash looks whether it was
/// done, and does not ask again on a guess.
/// </summary>
/// <param name="OfficeSiteId">The office network.</param>
/// <param name="StartedAt">UTC.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="AcceptedAt">When Alibaba accepted it, if its list does not show it yet; null before.</param>
public sealed record AttachAttempt(
    string OfficeSiteId, DateTimeOffset StartedAt, string? By, DateTimeOffset? AcceptedAt = null) : ExtensibleRecord;

/// <summary>Why the latest send of a verification did not end with Alibaba's acceptance.</summary>
/// <param name="Kind">What is known of the e-mail.</param>
/// <param name="Reason">In words, without any part of the request.</param>
/// <param name="Error">What Alibaba said, if it refused.</param>
public sealed record SendFailure(SendFailureKind Kind, string Reason, EcdError? Error = null) : ExtensibleRecord
{
    /// <summary>Whether no code was sent, and the same request may succeed later.</summary>
    [JsonIgnore]
    public bool MayPass => Kind == SendFailureKind.NotSent || Error is { Kind: EcdErrorKind.Throttled } && Kind == SendFailureKind.Rejected;
}

/// <summary>What is known of the e-mail after a send that was not accepted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SendFailureKind>))]
public enum SendFailureKind
{
    /// <summary>Alibaba refused: none.</summary>
    Rejected,

    /// <summary>Alibaba was not reached: none.</summary>
    NotSent,

    /// <summary>No usable answer: there may be one.</summary>
    Unknown,
}

/// <summary>How often a waiting verification has been reported, and when last.</summary>
/// <param name="Count">How often as stale.</param>
/// <param name="At">UTC.</param>
/// <param name="Final">Whether it was said then that it is given up.</param>
/// <param name="FailedSend">The failed send that was reported last, by its number; 0 for none.</param>
public sealed record ReminderState(
    int Count,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int FailedSend = 0)
    : ExtensibleRecord
{
    /// <summary>Beyond this many doublings the wait does not grow: by then every verification has long expired.</summary>
    private const int MaxDoublings = 16;

    /// <summary>When it is to be said again: the wait doubles each time.</summary>
    public DateTimeOffset NextAt(TimeSpan repeatAfter) =>
        Count == 0 ? At : At + (repeatAfter * (1L << Math.Min(Count - 1, MaxDoublings)));
}

/// <summary>The times that decide over a send.</summary>
/// <param name="ResendCooldown">How long after a send that may have reached the owner the next one is refused.</param>
/// <param name="AbandonedAfter">How long after its record a send without an answer is given up for lost.</param>
/// <param name="DispatchDeadline">
/// How long after its record a send may begin: so that it ends, at the latest, before it is given up.
/// </param>
/// <param name="ExpireAfter">How long a verification may wait before it is closed as expired.</param>
/// <param name="MaxSendsPerOwnerPerHour">How many e-mails one owner may get in an hour.</param>
public sealed record SendRules(
    TimeSpan ResendCooldown, TimeSpan AbandonedAfter, TimeSpan DispatchDeadline, TimeSpan ExpireAfter, int MaxSendsPerOwnerPerHour)
{
    /// <summary>How long until the next e-mail may be sent to a target; null if that is now.</summary>
    /// <param name="lastMailAt">When the target may last have got one; null if that is long ago.</param>
    /// <param name="now">UTC.</param>
    public TimeSpan? CooldownLeft(DateTimeOffset? lastMailAt, DateTimeOffset now) =>
        lastMailAt is { } at && ResendCooldown - Verification.Elapsed(at, now) is { Ticks: > 0 } left
            // Clocks may differ a little: never longer than the whole.
            ? left < ResendCooldown ? left : ResendCooldown
            : null;
}
