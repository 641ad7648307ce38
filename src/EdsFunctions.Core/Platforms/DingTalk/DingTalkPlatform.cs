using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.DingTalk;

/// <summary>Callbacks of a DingTalk robot (https://open.dingtalk.com/document/orgapp/receive-message).</summary>
public sealed class DingTalkPlatform(IOptionsMonitor<ChatPlatformOptions> options)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "DingTalk";

    /// <summary>
    /// Signs the timestamp, in milliseconds, and the secret, but not the body. The secret is also the key
    /// (https://open.dingtalk.com/document/orgapp/receive-message).
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "sign",
        Decode = SignatureScheme.Base64,
        TimestampHeader = "timestamp",
        MaxAge = 60 * 60 * 1000,
        Now = time => time.ToUnixTimeMilliseconds(),
        Content = (key, _, timestamp, _) => [.. Encoding.ASCII.GetBytes($"{timestamp}\n"), .. key],
        ParseKeys = SigningKeys.FromText,
    };

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        LenientJson.ParseObject(body.Span) is { } message
        && message.String("msgId") is { Length: > 0 } id
        && message.String("text", "content") is { } text
            ? new DeliveryParseResult.Command(new ChatDelivery(
                id,
                message.String("senderStaffId"),
                message.String("senderNick"),
                message.String("conversationId"),
                WithoutMentions(text),
                ParseReplyUrl("oapi.dingtalk.com", message.String("sessionWebhook"))))
            : new DeliveryParseResult.Malformed("must be a message with msgId and text.content");

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic) => DingTalkFormat.Payload(message);

    /// <inheritdoc/>
    protected override string? GetReplyRejection(ReadOnlySpan<byte> body) =>
        ChannelKind.GetRejectionByCode(body, "errcode");

    /// <summary>Removes mentions in front of the command.</summary>
    private static string WithoutMentions(string text)
    {
        var rest = text.AsSpan().TrimStart();
        while (rest is ['@', ..])
        {
            var end = rest.IndexOfAny(" \u2005\u00A0\t\n");
            rest = end < 0 ? [] : rest[end..].TrimStart();
        }

        return rest.ToString();
    }
}
