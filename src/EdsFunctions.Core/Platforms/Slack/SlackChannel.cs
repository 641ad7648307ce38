using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.Slack;

/// <summary>
/// An incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). Slack limits texts and
/// blocks, and the format keeps to that; the body as a whole has no limit.
/// </summary>
internal sealed class SlackChannel() : ChannelKind("Slack")
{
    /// <summary>The response is <c>ok</c>; other Slack APIs, and Rocket.Chat, respond in JSON, and say in it that they did nothing.</summary>
    public override string? GetRejection(ReadOnlySpan<byte> body) =>
        LenientJson.ParseObject(body) is { } response
        && (response.Property("ok") ?? response.Property("success")) is { ValueKind: JsonValueKind.False }
            ? "it answered that it is not ok"
            : null;

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) => SlackFormat.Payload(notice.Message);
}
