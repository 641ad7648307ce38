using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// A Workflows URL of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsChannel() : ChannelKind("Teams")
{
    /// <summary>Teams accepts 28 KB, and counts what it puts around the message.</summary>
    public override int MaxBytes => 25 * 1024;

    /// <summary>What Teams itself rejects comes as text with a 200.</summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body).Contains("failed with error", StringComparison.OrdinalIgnoreCase)
            ? "it answered that the delivery failed"
            : null;

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) => TeamsFormat.Payload(notice.Message);
}
