using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// A code that Alibaba was asked to e-mail, and what became of it. The record does not change; each rule is a pure function of it and
/// the time, and yields the decision or the next record.
/// </summary>
public sealed record Verification
{
    /// <summary>As much as a clock may be off for Alibaba to take a request at all.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

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

    public string? RequestedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>Why the latest send was not accepted; null if it was, or is under way.</summary>
    public SendFailure? LastFailure { get; init; }

    /// <summary>What the log was told; null for nothing yet.</summary>
    public ReportMark? Reported { get; init; }

    /// <summary>An attachment that Alibaba was asked for, and that nobody knows the outcome of yet.</summary>
    public AttachAttempt? Attaching { get; init; }

    /// <summary>How often a code was checked.</summary>
    public int Checks { get; init; }

    /// <summary>
    /// The office networks that the CEN was attached to before: what is attached besides them is new. Null until the first run looked.
    /// </summary>
    public IReadOnlyList<string>? Baseline { get; init; }

    /// <summary>The office network that the CEN was attached to in the end.</summary>
    public string? OfficeSiteId { get; init; }

    /// <summary>What each channel was told, by the channel's name; null for none.</summary>
    public IReadOnlyDictionary<string, ReportMark>? ReportedTo { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    public string? ClosedBy { get; init; }

    public string? ClosingNote { get; init; }

    /// <summary>The store's mark of this very version, which an update has to name; null before it is stored.</summary>
    [JsonIgnore]
    public string? Version { get; init; }

    [JsonIgnore]
    public bool IsOpen => State.IsOpen();

    /// <summary>The short reference for people: the last eight hexadecimal digits of the id, unique among the open ones.</summary>
    [JsonIgnore]
    public string Ref => VerificationIds.RefOf(Id);

    /// <summary>The first record of a new verification: about to send.</summary>
    public static Verification Begin(SendCommand command, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Target = command.Target,
        State = VerificationState.Sending,
        CreatedAt = now,
        SendStartedAt = now,
        WaitingSince = now,
        SendCount = 1,
        RequestedBy = command.RequestedBy,
        Note = command.Note,
    };

    /// <summary>Whether a send has begun whose answer may still come.</summary>
    public bool IsUnderWay(DateTimeOffset now, SendRules rules) => State == VerificationState.Sending && !IsOrphan(now, rules);

    /// <summary>Someone asks for a code for a target that this verification is open for.</summary>
    /// <returns>The record to write before the send, or why nothing is sent.</returns>
    public Change<SendResult> RequestSend(SendCommand command, DateTimeOffset now, SendRules rules)
    {
        // A send that was given up for lost counts, whether or not the timer has seen it.
        var current = GiveUpOrphan(now, rules) ?? this;
        if (current.State == VerificationState.Sending || IsAttachUnderWay(now, rules))
        {
            return new(Next: null, Result: new SendResult.InProgress(this));
        }

        return rules.ResendCooldown - Elapsed(current.WaitingSince, now) is { Ticks: > 0 } left
            // By a clock that is behind there is more left than the whole; by the one that wrote there is not.
            ? new(Next: null, Result: new SendResult.TooSoon(this, left < rules.ResendCooldown ? left : rules.ResendCooldown))
            : new(current with
            {
                State = VerificationState.Sending,
                StateBefore = current.State,
                WaitingSinceBefore = current.WaitingSince,
                SendStartedAt = now,
                SendCount = SendCount + 1,
                RequestedBy = command.RequestedBy ?? RequestedBy,
                Note = command.Note ?? Note,
                LastFailure = null,
            });
    }

    /// <summary>
    /// Whether the send that was recorded may still begin. One that was held up for so long, by the store or by a machine that stood
    /// still, that it could outlast its own record, may not.
    /// </summary>
    public bool MayBegin(DateTimeOffset now, SendRules rules) => Elapsed(SendStartedAt, now) <= rules.BeginWithin;

    /// <summary>
    /// The send number <paramref name="send"/> ended. An answer that comes after the send was given up for lost still counts; one
    /// that comes after the verification went on or was closed changes nothing.
    /// </summary>
    public Verification Settle(int send, EcdOutcome outcome, DateTimeOffset now) => SendCount != send || !AwaitsAnswer
        ? this
        : outcome switch
        {
            EcdOutcome.Accepted accepted => this with
            {
                State = VerificationState.Pending,
                RequestId = accepted.RequestId,
                WaitingSince = SendStartedAt,
                LastFailure = null,
                Reported = null,
                ReportedTo = null,
            },
            EcdOutcome.Unknown unknown => GiveUpAnswer(new SendFailure(SendFailureKind.Unknown, unknown.Reason, unknown.Error)),
            EcdOutcome.Rejected rejected => NoMail(new SendFailure(
                SendFailureKind.Rejected, $"Alibaba refused: {rejected.Error.Code}", rejected.Error), now),
            EcdOutcome.NotSent notSent => NoMail(new SendFailure(SendFailureKind.NotSent, notSent.Reason), now),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };

    /// <summary>The record once its send has had no answer for longer than any process waits; null while it may come.</summary>
    public Verification? GiveUpOrphan(DateTimeOffset now, SendRules rules) =>
        IsOrphan(now, rules)
            ? GiveUpAnswer(new SendFailure(
                SendFailureKind.Unknown, "the process that sent it ended before Alibaba's answer was recorded"))
            : null;

    /// <summary>A person closes it.</summary>
    /// <param name="state">Completed or cancelled.</param>
    /// <param name="closing">Who, and why.</param>
    /// <param name="now">UTC.</param>
    /// <param name="rules">What tells an orphan from a send under way.</param>
    /// <returns>The record to write, or why it is not closed.</returns>
    public Change<CloseResult> Close(VerificationState state, Closing closing, DateTimeOffset now, SendRules rules) =>
        !IsOpen ? new(Next: null, Result: new CloseResult.AlreadyClosed(this))
        : IsUnderWay(now, rules) || IsAttachUnderWay(now, rules) ? new(Next: null, Result: new CloseResult.InProgress(this))
        : new(Closed(state, closing.By, closing.Note, now));

    /// <summary>Whether an attachment has begun whose answer may still come.</summary>
    public bool IsAttachUnderWay(DateTimeOffset now, SendRules rules) =>
        Attaching is { } attempt && Elapsed(attempt.StartedAt, now) < rules.OrphanAfter;

    /// <summary>A code is about to be checked.</summary>
    public Verification BeginCheck() => this with { Checks = Checks + 1 };

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

    /// <summary>What a channel was told, or the log, which has no name.</summary>
    public ReportMark? MarkOf(string? channel) => channel is null ? Reported : ReportedTo?.GetValueOrDefault(channel);

    /// <summary>A report has named it.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="channel">The channel that took the report; null for the log.</param>
    public Verification MarkReported(DateTimeOffset now, string? channel = null) =>
        channel is null ? this with { Reported = NextMark(null, now) } : Mark(channel, NextMark(channel, now));

    /// <summary>A channel was told that it is given up.</summary>
    public Verification MarkGivenUp(DateTimeOffset now, string channel) => Mark(channel, NextMark(channel, now) with { Final = true });

    /// <summary>A send that was given up for lost can still be answered.</summary>
    private bool AwaitsAnswer =>
        State == VerificationState.Sending
        || (State == VerificationState.Unknown && LastFailure is { Kind: SendFailureKind.Unknown });

    private bool IsOrphan(DateTimeOffset now, SendRules rules) =>
        State == VerificationState.Sending && Elapsed(SendStartedAt, now) >= rules.OrphanAfter;

    /// <summary>
    /// How long ago something was. A time further ahead than clocks may differ was written by a clock that was wrong, and is taken for
    /// long ago: nobody has to wait until the right clock gets there.
    /// </summary>
    private static TimeSpan Elapsed(DateTimeOffset since, DateTimeOffset now) =>
        since - now > ClockTolerance ? TimeSpan.MaxValue : now - since;

    private ReportMark NextMark(string? channel, DateTimeOffset now) => new((MarkOf(channel)?.Count ?? 0) + 1, now);

    private Verification Mark(string channel, ReportMark mark) =>
        this with { ReportedTo = new Dictionary<string, ReportMark>(ReportedTo ?? new Dictionary<string, ReportMark>()) { [channel] = mark } };

    private Verification GiveUpAnswer(SendFailure failure) => this with
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
    private Verification NoMail(SendFailure failure, DateTimeOffset now) => SendCount == 1
        ? Closed(VerificationState.Failed, by: null, note: null, now) with { LastFailure = failure }
        : this with
        {
            State = StateBefore ?? VerificationState.Unknown,
            // Given up for lost in the meantime, it waited since this send.
            WaitingSince = WaitingSinceBefore ?? WaitingSince,
            LastFailure = failure,
        };

    private Verification Closed(VerificationState state, string? by, string? note, DateTimeOffset now) => this with
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
public sealed record AttachAttempt(string OfficeSiteId, DateTimeOffset StartedAt, string? By);

/// <summary>Why the latest send of a verification did not end with Alibaba's acceptance.</summary>
/// <param name="Kind">What is known of the e-mail.</param>
/// <param name="Reason">In words, without any part of the request.</param>
/// <param name="Error">What Alibaba said, if it refused.</param>
public sealed record SendFailure(SendFailureKind Kind, string Reason, EcdError? Error = null);

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
/// <param name="Count">At least 1.</param>
/// <param name="At">UTC.</param>
/// <param name="Final">Whether it was said then that it is given up.</param>
public sealed record ReportMark(
    int Count,
    DateTimeOffset At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Final = false)
{
    /// <summary>Beyond this many doublings the wait does not grow: by then every verification has long expired.</summary>
    private const int MaxDoublings = 16;

    /// <summary>When it is to be said again: the wait doubles each time.</summary>
    public DateTimeOffset NextAt(TimeSpan repeatAfter) => At + (repeatAfter * (1L << Math.Min(Count - 1, MaxDoublings)));
}

/// <summary>The times that decide over a send.</summary>
/// <param name="ResendCooldown">How long after a send that may have reached the owner the next one is refused.</param>
/// <param name="OrphanAfter">How long after its record a send without an answer is given up for lost.</param>
/// <param name="BeginWithin">
/// How long after its record a send may begin: so that it ends, at the latest, before it is given up.
/// </param>
public sealed record SendRules(TimeSpan ResendCooldown, TimeSpan OrphanAfter, TimeSpan BeginWithin);

/// <summary>Who closes a verification, and why, in the caller's words.</summary>
public sealed record Closing(string? By = null, string? Note = null);
