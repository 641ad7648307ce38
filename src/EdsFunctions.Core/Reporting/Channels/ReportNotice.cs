using EdsFunctions.Core.Http;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>What is said to a channel: for people, and for programs.</summary>
/// <param name="Type">The kind of it, as Standard Webhooks name one.</param>
/// <param name="At">UTC.</param>
/// <param name="Message">For people.</param>
/// <param name="Data">For programs.</param>
internal sealed record ReportNotice(string Type, DateTimeOffset At, Message Message, StaleReportView Data)
{
    public const string Stale = "verifications.stale";
    public const string Expired = "verifications.expired";
    public const string AllClear = "verifications.all-clear";

    /// <summary>How long what waits has been waiting.</summary>
    public static ReportNotice OfStale(StaleDigest digest, Localizer texts) => new(
        Stale,
        digest.At,
        new Message(
            texts[Texts.StaleHeadline, digest.StaleCount, texts.Duration(digest.Oldest)],
            [texts[Texts.StaleHint]],
            [.. digest.Items.Select(item => texts.Describe(item.Verification, digest.At))],
            More(digest, texts)),
        StaleReportView.OfDue(digest));

    /// <summary>That verifications are given up.</summary>
    /// <param name="digest">Them, as they will be once they are closed.</param>
    /// <param name="texts">The language.</param>
    public static ReportNotice OfExpired(StaleDigest digest, Localizer texts) => new(
        Expired,
        digest.At,
        new Message(
            texts[Texts.ExpiredHeadline, texts.Duration(digest.Threshold), digest.DueCount],
            [texts[Texts.ExpiredHint]],
            [.. digest.Items.Select(item => GivenUp(item, digest.At, texts))],
            More(digest, texts)),
        StaleReportView.OfDue(digest));

    /// <summary>That nothing waits too long any more.</summary>
    public static ReportNotice OfAllClear(StaleDigest digest, Localizer texts) => new(
        AllClear, digest.At, new Message(texts[Texts.AllClear]), StaleReportView.OfDue(digest));

    /// <summary>A closed verification waits no longer, so the description leaves out how long this one has.</summary>
    private static MessageItem GivenUp(StaleItem item, DateTimeOffset now, Localizer texts)
    {
        var described = texts.Describe(item.Verification, now);
        var since = Localizer.Time(item.Verification.WaitingSince);
        return described with
        {
            Facts = [new(texts[Texts.LabelWaiting], texts[Texts.Waiting, texts.Duration(item.Waiting), since]), .. described.Facts],
        };
    }

    private static string? More(StaleDigest digest, Localizer texts) =>
        digest.DueCount > digest.Items.Count ? texts[Texts.More, digest.DueCount - digest.Items.Count] : null;
}
