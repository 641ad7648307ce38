using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// A Workflows URL of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsChannel() : ChannelKind("Teams")
{
    /// <summary>Teams accepts 28 KB, including its own envelope.</summary>
    public override int MaxBytes => 25 * 1024;

    /// <summary>Workflows returns 200 with a text if Teams rejects the message.</summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body).Contains("failed with error", StringComparison.OrdinalIgnoreCase)
            ? "the response says that the delivery failed"
            : null;

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        TeamsFormat.Payload(notice.Message);
}
