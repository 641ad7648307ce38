using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// Reports to a Workflows URL of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsChannel() : ChannelKind("Teams")
{
    /// <summary>Teams accepts messages of 28 KB, including the envelope that Teams adds.</summary>
    public override int MaxBytes => 25 * 1024;

    /// <summary>If Teams rejects the message, the Workflows URL returns 200 with a text that says so.</summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body).Contains("failed with error", StringComparison.OrdinalIgnoreCase)
            ? "the response says that the delivery failed"
            : null;

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        TeamsFormat.Payload(notice.Message);
}
