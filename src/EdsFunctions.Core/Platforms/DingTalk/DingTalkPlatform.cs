using System.Text.RegularExpressions;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.DingTalk;

/// <summary>
/// Receives commands from a DingTalk robot (https://open.dingtalk.com/document/orgapp/receive-message).
/// </summary>
public sealed partial class DingTalkPlatform(IOptionsMonitor<ChatPlatformOptions> options)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "DingTalk";

    /// <summary>
    /// DingTalk's signature covers the timestamp, in milliseconds, and the secret, but not the body. The secret is also
    /// the key (https://open.dingtalk.com/document/orgapp/receive-message).
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "sign",
        Decode = SignatureScheme.Base64,
        TimestampHeader = "timestamp",
        MaxAge = 60 * 60 * 1000,
        ToTimestamp = time => time.ToUnixTimeMilliseconds(),
        Content = (key, _, timestamp, _) => [.. Encoding.ASCII.GetBytes($"{timestamp}\n"), .. key],
        ParseKeys = SigningKeys.FromText,
    };

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now) =>
        LenientJson.ParseObject(body.Span) is { } message
        && message.String("msgId") is { Length: > 0 } id
        && (message.String("msgtype") is not (null or "text") || message.String("text", "content") is not null)
            ? new DeliveryParseResult.Command(new ChatDelivery(
                id,
                message.String("senderStaffId"),
                message.String("senderNick"),
                [message.String("conversationId")],
                ReadText(message) is { } text ? WithoutMentions(text) : null,
                ParseReplyUrl("oapi.dingtalk.com", message.String("sessionWebhook"))))
            : new DeliveryParseResult.Malformed(
                "must be a DingTalk message with msgId and, if its msgtype is text, with text.content");

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic) => DingTalkFormat.Payload(message);

    /// <inheritdoc/>
    protected override string? GetReplyRejection(ReadOnlySpan<byte> body) =>
        ChannelKind.GetRejectionByCode(body, "errcode");

    /// <summary>
    /// Reads the text of a message, but not the field <c>text.repliedMsg</c>, which contains a quoted message.
    /// </summary>
    /// <returns>Null if the message has no text, for example a picture.</returns>
    private static string? ReadText(JsonElement message)
    {
        if (message.String("msgtype") is null or "text")
        {
            return message.String("text", "content");
        }

        string?[] texts = [.. message.Items("content", "richText").Select(part => part.String("text"))];
        return Array.Exists(texts, text => text is not null) ? string.Join(' ', texts) : null;
    }

    /// <summary>Removes the mentions of the bot and of users in front of a command.</summary>
    private static string WithoutMentions(string text)
    {
        var rest = CommandWords.WithoutQuotedLines(text).TrimStart();
        while (rest is ['@', ..])
        {
            rest = rest[MentionLength(rest)..].TrimStart();
        }

        return rest;
    }

    /// <summary>
    /// The length of a mention. DingTalk marks the end of a name that the user picked from a list. The end of a typed
    /// name has no mark, so its second word may not belong to the name: "@EDS do not send" and "@EDS Never send" must
    /// not become commands.
    /// </summary>
    private static int MentionLength(string text)
    {
        if (PickedName.Match(text) is { Success: true } picked)
        {
            return picked.Length;
        }

        var typed = TypedName.Match(text);
        var next = typed.Groups["next"].Value;
        return (next.StartsWith('@') || CommandParser.IsVerb(next)) && typed.Groups["word"].Captures.All(IsNamePart)
            ? typed.Length
            : FirstWord.Match(text).Length;

        static bool IsNamePart(Capture word) => !CommandParser.IsVerb(word.Value) && !Negation.IsMatch(word.Value);
    }

    [GeneratedRegex(@"\A@[^@\u2005]*\u2005", RegexOptions.CultureInvariant)]
    private static partial Regex PickedName { get; }

    [GeneratedRegex(
        @"\A@\S+(\s+(?<word>[\p{Lu}\p{Lo}\p{Nd}]\S*)){1,2}(?=\s+(?<next>\S+))", RegexOptions.CultureInvariant)]
    private static partial Regex TypedName { get; }

    [GeneratedRegex(@"\A\S+", RegexOptions.CultureInvariant)]
    private static partial Regex FirstWord { get; }

    [GeneratedRegex(
        @"\A(do|don.?t|no|not|never|stop|cannot|can.?t|won.?t|cancel|avoid|skip)\z"
        + "|[不別别勿莫停取禁无無暂暫没沒非免拒]", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Negation { get; }
}
