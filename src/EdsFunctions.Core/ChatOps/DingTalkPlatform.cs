using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Callbacks of a DingTalk robot (https://open.dingtalk.com/document/orgapp/receive-message).</summary>
internal sealed class DingTalkPlatform(IOptions<ChatOpsOptions> options) : IChatPlatform
{
    /// <inheritdoc/>
    public string Name => "DingTalk";

    /// <inheritdoc/>
    public SigningKeys Keys { get; } = SigningKeys.OfText(options.Value.DingTalk.Secrets);

    /// <inheritdoc/>
    public IList<string> AllowedUsers => options.Value.DingTalk.AllowedUsers;

    /// <inheritdoc/>
    public SignatureVerifier Verify => DingTalkSignature.Verify;

    /// <inheritdoc/>
    public DeliveryReading Read(ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        ActivityFields.Parse(body) is { } message
        && message.Text("msgId") is { Length: > 0 } id
        && message.Text("text", "content") is { } text
            ? new DeliveryReading.Command(new ChatDelivery(
                id,
                message.Text("senderStaffId"),
                message.Text("senderNick"),
                message.Text("conversationId"),
                WithoutMentions(text),
                CallbackUrl.On("oapi.dingtalk.com", message.Text("sessionWebhook"))))
            : new DeliveryReading.Unreadable("must be a message with msgId and text.content");

    /// <inheritdoc/>
    public JsonObject Reply(Message message, bool isPublic) => DingTalkFormat.Payload(message);

    /// <summary>What comes before the command: whom it was said to.</summary>
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
