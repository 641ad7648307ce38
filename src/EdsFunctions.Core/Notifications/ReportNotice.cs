using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>A notice to a report channel, such as that verifications are stale.</summary>
/// <param name="Type">The event type, as Standard Webhooks define it.</param>
/// <param name="At">The time, in UTC.</param>
/// <param name="Message">The message for chats.</param>
/// <param name="Data">The data for webhooks.</param>
internal sealed record ReportNotice(string Type, DateTimeOffset At, Message Message, StaleReportView Data)
{
    public static ReportNotice CreateStale(Digest digest, Localizer texts) => new(
        "verifications.stale",
        digest.At,
        new Message(
            texts[Texts.StaleHeadline, digest.StaleCount, texts.Duration(digest.Oldest)],
            [texts[Texts.StaleHint]],
            [.. digest.Items.Select(item => texts.Describe(item.Verification, digest.At))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    public static ReportNotice CreateExpired(Digest digest, Localizer texts) => new(
        "verifications.expired",
        digest.At,
        new Message(
            texts[Texts.ExpiredHeadline, texts.Duration(digest.Threshold), digest.DueCount],
            [texts[Texts.ExpiredHint]],
            [.. digest.Items.Select(item => DescribeExpired(item, digest.At, texts))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    /// <summary>Creates the notice about failed sends of which the requester was not notified.</summary>
    public static ReportNotice CreateFailed(Digest digest, Localizer texts) => new(
        "verifications.failed",
        digest.At,
        new Message(
            texts[Texts.FailedHeadline, digest.DueCount],
            [texts[Texts.FailedHint]],
            [.. digest.Items.Select(item => texts.Describe(item.Verification, digest.At))],
            More(digest, texts)),
        StaleReportView.Create(digest, dueOnly: true));

    public static ReportNotice CreateAllClear(Digest digest, Localizer texts) => new(
        "verifications.all-clear",
        digest.At,
        new Message(texts[Texts.AllClear]),
        StaleReportView.Create(digest, dueOnly: true));

    /// <summary>
    /// Describes an expired verification. Adds its age, which the description of a closed verification does not
    /// include.
    /// </summary>
    private static MessageItem DescribeExpired(DigestItem item, DateTimeOffset now, Localizer texts)
    {
        var described = texts.Describe(item.Verification, now);
        var since = Localizer.Time(item.Verification.WaitingSince);
        return described with
        {
            Facts =
            [
                new(
                    texts[Texts.Label, texts[Texts.LabelWaiting]],
                    texts[Texts.Waiting, texts.Duration(item.Waiting), since]),
                .. described.Facts,
            ],
        };
    }

    private static string? More(Digest digest, Localizer texts) =>
        digest.DueCount > digest.Items.Count ? texts[Texts.More, digest.DueCount - digest.Items.Count] : null;
}
