using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Messages;

/// <summary>Formats texts, times and verifications in one language.</summary>
internal sealed class Localizer
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    private readonly Func<Text, string> read;

    private Localizer(Func<Text, string> read) => this.read = read;

    /// <param name="language">A language that <see cref="Validate"/> accepts.</param>
    public static Localizer ForLanguage(string language) => language switch
    {
        English => new Localizer(text => text.English),
        Chinese => new Localizer(text => text.Chinese),
        _ => throw new ArgumentOutOfRangeException(nameof(language)),
    };

    /// <summary>Validates a language in the configuration.</summary>
    public static IEnumerable<string> Validate(string key, string language) =>
        language is English or Chinese ? [] : [$"{key} must be {English} or {Chinese}."];

    public string this[Text text] => read(text);

    public string this[Text text, params ReadOnlySpan<object?> arguments] =>
        string.Format(CultureInfo.InvariantCulture, read(text), arguments);

    /// <summary>Formats a duration in its two largest units, such as <c>2 d 5 h</c>.</summary>
    public string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => this[Texts.DurationDays, (int)time.TotalDays, time.Hours],
        { TotalHours: >= 1 } => this[Texts.DurationHours, time.Hours, time.Minutes],
        { TotalMinutes: >= 1 } => this[Texts.DurationMinutes, time.Minutes],
        _ => this[Texts.DurationSeconds, Math.Max(0, time.Seconds)],
    };

    /// <summary>Formats a time in UTC, to the minute.</summary>
    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public string State(VerificationState state) => this[state switch
    {
        VerificationState.Sending => Texts.StateSending,
        VerificationState.Pending => Texts.StatePending,
        VerificationState.Unknown => Texts.StateUnknown,
        VerificationState.Completed => Texts.StateCompleted,
        VerificationState.Cancelled => Texts.StateCancelled,
        VerificationState.Expired => Texts.StateExpired,
        VerificationState.Failed => Texts.StateFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    }];

    /// <summary>Formats the result of a check of a code.</summary>
    public string Status(CenCheckStatus status) => this[status switch
    {
        CenCheckStatus.Valid => Texts.CheckValid,
        CenCheckStatus.CidrConflict => Texts.CheckCidrConflict,
        CenCheckStatus.CodeWrong => Texts.CheckCodeWrong,
        CenCheckStatus.CodeExhausted => Texts.CheckCodeExhausted,
        CenCheckStatus.WrongAccount => Texts.CheckWrongAccount,
        CenCheckStatus.NoSuchCen => Texts.CheckNoSuchCen,
        _ => Texts.CheckOther,
    }];

    /// <summary>Formats a target as its CEN, without the region and the owner.</summary>
    public string Cen(CenTarget target) => target.CenId ?? this[Texts.OwnCen];

    /// <summary>Describes a verification as an item of a message.</summary>
    /// <param name="verification">The verification.</param>
    /// <param name="now">The current time, in UTC.</param>
    public MessageItem Describe(Verification verification, DateTimeOffset now)
    {
        var target = verification.Target;
        var facts = new List<Fact>();
        void Add(Text label, string? value, bool isCommand = false)
        {
            if (value is not null)
            {
                facts.Add(new Fact(this[Texts.Label, this[label]], value, isCommand));
            }
        }

        Add(Texts.LabelState, State(verification.State));
        Add(Texts.LabelWaiting, verification.IsOpen
            ? this[Texts.Waiting, Duration(now - verification.WaitingSince), Time(verification.WaitingSince)]
            : null);
        Add(Texts.LabelOwner, target.CenOwnerId?.ToString());
        Add(Texts.LabelRequestedBy, Sanitize(verification.RequestedBy));
        Add(Texts.LabelNote, Sanitize(verification.Note));
        Add(Texts.LabelRequestId, Sanitize(verification.RequestId));
        Add(Texts.LabelOfficeSite, verification.OfficeSiteId);
        Add(Texts.LabelClosed, verification switch
        {
            { ClosedAt: null } => null,
            { ClosedAt: { } at, ClosedBy: { } by } => this[Texts.ClosedBy, Time(at), Sanitize(by)],
            { ClosedAt: { } at } => this[Texts.Closed, Time(at)],
        });
        Add(Texts.LabelClosingNote, Sanitize(verification.ClosingNote));
        Add(Texts.LabelCloseWith, verification.IsOpen ? $"done {verification.Ref}" : null, isCommand: true);
        return new MessageItem($"{verification.Ref} · {this[Texts.Target, Cen(target), target.RegionId]}", facts);
    }

    private static string? Sanitize(string? text) => text is null ? null : PlainText.Sanitize(text);
}
