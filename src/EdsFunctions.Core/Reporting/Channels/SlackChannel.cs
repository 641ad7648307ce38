using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>An incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).</summary>
internal sealed class SlackChannel(Uri url) : IReportPlatform
{
    public ReportChannelKind Kind => ReportChannelKind.Slack;

    /// <summary>Slack limits the texts and the blocks, which the format keeps to.</summary>
    public int MaxBytes => int.MaxValue;

    public byte[] Write(ReportNotice notice, DateTimeOffset now) => MessageJson.WriteBytes(SlackFormat.Payload(notice.Message));

    public HttpRequestMessage Request(byte[] body, DateTimeOffset now) => JsonRequest.Post(url, body);

    /// <summary>The answer is <c>ok</c>; Slack's other interfaces answer JSON, and say in it when they did nothing.</summary>
    public string? Refusal(ReadOnlySpan<byte> body) =>
        JsonAnswer.Field(body, "ok") is { ValueKind: JsonValueKind.False } ? "it answered that it is not ok" : null;
}
