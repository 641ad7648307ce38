using EdsFunctions.Core.Common;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Slack;

/// <summary>
/// Reports to an incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
/// Slack limits the texts and blocks of a message (see <see cref="SlackFormat"/>), but not the size of the body.
/// </summary>
internal sealed class SlackChannel() : ChannelKind("Slack")
{
    /// <summary>
    /// Slack responds with the text <c>ok</c>. Rocket.Chat and other receivers with the same API respond in JSON.
    /// </summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        LenientJson.ParseObject(body) is { } response
        && (response.Property("ok") ?? response.Property("success")) is { ValueKind: JsonValueKind.False }
            ? "the response says that the message was rejected"
            : null;

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        SlackFormat.Payload(notice.Message);
}
