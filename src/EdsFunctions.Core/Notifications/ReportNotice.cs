using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>What is sent to a channel: for people, and for programs.</summary>
/// <param name="Type">The kind of it, as Standard Webhooks name one.</param>
/// <param name="At">UTC.</param>
/// <param name="Message">For people.</param>
/// <param name="Data">For programs.</param>
internal sealed record ReportNotice(string Type, DateTimeOffset At, Message Message, StaleReportView Data)
{
    /// <summary>Verifications are stale.</summary>
    public static ReportNotice CreateStale(StaleDigest digest, Localizer texts) => new(
        "verifications.stale",
        digest.At,
        new Message(
            texts[Texts.StaleHeadline, digest.StaleCount, texts.Duration(digest.Oldest)],
            [texts[Texts.StaleHint]],
            [.. digest.Items.Select(item => texts.Describe(item.Verification, digest.At))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    /// <summary>Verifications have expired.</summary>
    public static ReportNotice CreateExpired(StaleDigest digest, Localizer texts) => new(
        "verifications.expired",
        digest.At,
        new Message(
            texts[Texts.ExpiredHeadline, texts.Duration(digest.Threshold), digest.DueCount],
            [texts[Texts.ExpiredHint]],
            [.. digest.Items.Select(item => DescribeExpired(item, digest.At, texts))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    /// <summary>Sends have failed, and who asked for them got no answer.</summary>
    public static ReportNotice CreateFailed(StaleDigest digest, Localizer texts) => new(
        "verifications.failed",
        digest.At,
        new Message(
            texts[Texts.FailedHeadline, digest.DueCount],
            [texts[Texts.FailedHint]],
            [.. digest.Items.Select(item => texts.Describe(item.Verification, digest.At))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    /// <summary>No verification is stale any more.</summary>
    public static ReportNotice CreateAllClear(StaleDigest digest, Localizer texts) => new(
        "verifications.all-clear", digest.At, new Message(texts[Texts.AllClear]), StaleReportView.Create(digest, dueOnly: true));

    /// <summary>The description of a closed verification leaves out how long it has waited.</summary>
    private static MessageItem DescribeExpired(StaleItem item, DateTimeOffset now, Localizer texts)
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
