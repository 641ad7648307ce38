using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>
/// A Workflows URL of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsChannel(Uri url) : ReportPlatform(url)
{
    /// <summary>Teams accepts 28 KB, and counts what it puts around the message.</summary>
    public override int MaxBytes => 25 * 1024;

    /// <summary>What Teams itself rejects comes as text with a 200.</summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body).Contains("failed with error", StringComparison.OrdinalIgnoreCase)
            ? "it answered that the delivery failed"
            : null;

    protected override JsonObject Payload(ReportNotice notice, DateTimeOffset now) => TeamsFormat.Payload(notice.Message);
}
