using System.Resources;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Messages;

/// <summary>The texts of one language.</summary>
internal sealed class Texts
{
    public const string English = "en";
    public const string Chinese = "zh-CN";

    private static readonly Dictionary<string, Texts> All = new(StringComparer.Ordinal)
    {
        [English] = new(English),
        [Chinese] = new(Chinese),
    };

    /// <summary>Read when somebody is told something: most starts tell nobody anything for a while.</summary>
    private readonly Lazy<Dictionary<TextId, string>> texts;

    private Texts(string language)
    {
        texts = new(() => Read(language));
    }

    private static Dictionary<TextId, string> Read(string language)
    {
        // One resource per language in this assembly: without cultures, as in a container, there are no satellites to look in.
        var resources = new ResourceManager($"Texts.{language}", typeof(Texts).Assembly);
        return Enum.GetValues<TextId>().ToDictionary(
            id => id,
            id => resources.GetString(id.ToString(), CultureInfo.InvariantCulture)
                ?? throw new InvalidOperationException($"There is no text {id} in {language}."));
    }

    /// <param name="language">One of the languages above, as the options are checked for.</param>
    public static Texts In(string language) => All[language];

    public string this[TextId id] => texts.Value[id];

    public string this[TextId id, params ReadOnlySpan<object?> arguments] =>
        string.Format(CultureInfo.InvariantCulture, texts.Value[id], arguments);

    /// <summary>The two largest units.</summary>
    public string Duration(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => this[TextId.DurationDays, (int)time.TotalDays, time.Hours],
        { TotalHours: >= 1 } => this[TextId.DurationHours, time.Hours, time.Minutes],
        { TotalMinutes: >= 1 } => this[TextId.DurationMinutes, time.Minutes],
        _ => this[TextId.DurationSeconds, Math.Max(0, time.Seconds)],
    };

    /// <summary>A time to the minute, in UTC.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public string State(VerificationState state) => this[state switch
    {
        VerificationState.Sending => TextId.StateSending,
        VerificationState.Pending => TextId.StatePending,
        VerificationState.Unknown => TextId.StateUnknown,
        VerificationState.Completed => TextId.StateCompleted,
        VerificationState.Cancelled => TextId.StateCancelled,
        VerificationState.Expired => TextId.StateExpired,
        VerificationState.Failed => TextId.StateFailed,
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    }];

    /// <summary>What Alibaba says of a code.</summary>
    public string Status(CenCheckStatus status) => this[status switch
    {
        CenCheckStatus.Fine => TextId.CheckFine,
        CenCheckStatus.CidrConflict => TextId.CheckCidrConflict,
        CenCheckStatus.CodeWrong => TextId.CheckCodeWrong,
        CenCheckStatus.CodeExhausted => TextId.CheckCodeExhausted,
        CenCheckStatus.WrongAccount => TextId.CheckWrongAccount,
        CenCheckStatus.NoSuchCen => TextId.CheckNoSuchCen,
        _ => TextId.CheckOther,
    }];

    /// <summary>The CEN, without a word of whose it is.</summary>
    public string Cen(CenTarget target) => target.CenId ?? this[TextId.OwnCen];

    /// <summary>A verification as an item of a message: what waits, for how long, for whom, asked by whom.</summary>
    /// <param name="verification">Which.</param>
    /// <param name="now">UTC.</param>
    public MessageItem Describe(Verification verification, DateTimeOffset now)
    {
        var target = verification.Target;
        var facts = new List<Fact> { new(this[TextId.LabelState], State(verification.State)) };
        void Add(TextId label, string? value)
        {
            if (value is not null)
            {
                facts.Add(new Fact(this[label], value));
            }
        }

        Add(TextId.LabelWaiting, verification.IsOpen
            ? this[TextId.Waiting, Duration(now - verification.WaitingSince), Time(verification.WaitingSince)]
            : null);
        Add(TextId.LabelOwner, target.CenOwnerId?.ToString());
        Add(TextId.LabelRequestedBy, Literal(verification.RequestedBy));
        Add(TextId.LabelNote, Literal(verification.Note));
        Add(TextId.LabelRequestId, Literal(verification.RequestId));
        Add(TextId.LabelOfficeSite, verification.OfficeSiteId);
        Add(TextId.LabelClosed, verification switch
        {
            { ClosedAt: null } => null,
            { ClosedAt: { } at, ClosedBy: { } by } => this[TextId.ClosedBy, Time(at), Literal(by)],
            { ClosedAt: { } at } => this[TextId.Closed, Time(at)],
        });
        Add(TextId.LabelClosingNote, Literal(verification.ClosingNote));
        return new MessageItem(
            $"{verification.Ref} · {this[TextId.Target, Cen(target), target.RegionId]}",
            facts,
            verification.IsOpen ? new MessageCommand(this[TextId.LabelCloseWith], $"done {verification.Ref}") : null);
    }

    private static string? Literal(string? text) => text is null ? null : PlainText.Of(text);
}
