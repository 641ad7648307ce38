using System.Security.Cryptography;
using System.Text.RegularExpressions;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// Receives commands in messages to a bot of Feishu or Lark. The platform delivers a message as an encrypted event
/// (https://open.feishu.cn/document/server-docs/event-subscription-guide/overview). The secret of the platform is the
/// Encrypt Key. The app sends replies by the platform's API.
/// </summary>
internal sealed partial class FeishuPlatform(
    IOptionsMonitor<ChatPlatformOptions> options, IOptionsMonitor<FeishuAppOptions> apps)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "Feishu";

    private const string MessageEvent = "im.message.receive_v1";

    /// <summary>
    /// The text that stands for a mention of all members. The list of mentions in an event does not contain it.
    /// </summary>
    private const string MentionOfAll = "@_all";

    private readonly FeishuAppOptions app = apps.CurrentValue;

    /// <summary>
    /// Feishu's signature: the SHA-256, not the HMAC, of the time, a nonce, the Encrypt Key and the body.
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "X-Lark-Signature",
        Decode = SignatureScheme.Hex,
        IdHeader = "X-Lark-Request-Nonce",
        TimestampHeader = "X-Lark-Request-Timestamp",
        MaxAge = 60 * 60,
        Content = (key, nonce, timestamp, body) => [.. Encoding.ASCII.GetBytes($"{timestamp}{nonce}"), .. key, .. body],
        Mac = (_, content) => SHA256.HashData(content),
        ParseKeys = SigningKeys.FromText,
    };

    /// <inheritdoc/>
    public override bool RepliesInline => false;

    /// <summary>
    /// Returns the challenge that Feishu sends when an administrator configures the URL of the app. The challenge is
    /// encrypted but not signed.
    /// </summary>
    public override JsonObject? Handshake(ReadOnlyMemory<byte> body) =>
        Decrypt(body) is { } request
        && request.String("type") == "url_verification"
        && IsFromApp(request.String("token"))
        && request.String("challenge") is { } challenge
            ? new JsonObject { ["challenge"] = challenge }
            : null;

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (Decrypt(body) is not { } delivery || !IsFromApp(delivery.String("header", "token")))
        {
            return new DeliveryParseResult.Malformed(
                "must be an encrypted event that contains the Verification Token of the Feishu app");
        }

        var type = delivery.String("event", "message", "message_type");
        var text = type switch
        {
            "text" => Text(delivery),
            "post" => PostText(delivery),
            _ => null,
        };
        // Accept and ignore events that are not commands, so that Feishu does not deliver them again: messages of the
        // bot itself, other types of events, and images in groups, most of which are not for the bot.
        if (delivery.String("header", "event_type") != MessageEvent
            || delivery.String("event", "sender", "sender_type") == "app"
            || (text is null && type != "text" && delivery.String("event", "message", "chat_type") != "p2p"))
        {
            return new DeliveryParseResult.Ping();
        }

        return delivery.String("header", "event_id") is { Length: > 0 } id
            && delivery.String("event", "message", "message_id") is { } message && MessageId.IsMatch(message)
            && (text is not null || type != "text")
                ? new DeliveryParseResult.Command(new ChatDelivery(
                    id,
                    delivery.String("event", "sender", "sender_id", "open_id"),
                    UserName: null,
                    [delivery.String("event", "message", "chat_id")],
                    text,
                    new Uri($"https://{app.Host}/open-apis/im/v1/messages/{message}/reply")))
                : new DeliveryParseResult.Malformed(
                    "must be a Feishu message event with event_id, message_id and text");
    }

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic) => FeishuFormat.Reply(message);

    /// <inheritdoc/>
    internal override Task<string?> ReplyLaterAsync(MessageSender sender, Uri url, Message message, bool isPublic) =>
        new FeishuApi(sender, app).ReplyAsync(url, Reply(message, isPublic));

    private static JsonElement? Content(JsonElement delivery) =>
        delivery.String("event", "message", "content") is { } content
            ? LenientJson.ParseObject(Encoding.UTF8.GetBytes(content))
            : null;

    /// <summary>
    /// Reads the text of a post: the title, and the text elements of the paragraphs. A mention is an element of its
    /// own, which is not read.
    /// </summary>
    /// <returns>Null if no element has text.</returns>
    private static string? PostText(JsonElement delivery)
    {
        var post = Content(delivery);
        string[] texts =
        [
            .. (post?.Items("content") ?? [])
                .SelectMany(paragraph => paragraph.ValueKind == JsonValueKind.Array
                    ? paragraph.EnumerateArray().Select(ElementText).Append("\n")
                    : [])
                .Prepend($"{post?.String("title")}\n")
                .OfType<string>(),
        ];
        return Array.Exists(texts, text => !string.IsNullOrWhiteSpace(text)) ? string.Join(' ', texts) : null;
    }

    private static string? ElementText(JsonElement element) => element.String("tag") switch
    {
        "text" or "md" or "markdown" or "code_block" => element.String("text"),
        "a" => CommandLink.Choose(element.String("href") ?? "", element.String("text")),
        _ => null,
    };

    /// <summary>
    /// Reads the text of a message, which is JSON in a string. In place of each mention, the text has a key.
    /// </summary>
    private static string? Text(JsonElement delivery)
    {
        if (Content(delivery)?.String("text") is not { } text)
        {
            return null;
        }

        return delivery.Items("event", "message", "mentions")
            .Select(mention => mention.String("key"))
            .Append(MentionOfAll)
            .Where(key => !string.IsNullOrEmpty(key))
            // One key may be the beginning of another key, so replace longer keys first.
            .OrderByDescending(key => key!.Length)
            .Aggregate(text, (rest, key) => rest.Replace(key!, " ", StringComparison.Ordinal));
    }

    /// <summary>
    /// Decrypts the field <c>encrypt</c> of an event: base64 of the initialization vector and the AES-256-CBC
    /// ciphertext. The AES key is the SHA-256 of the Encrypt Key.
    /// </summary>
    private JsonElement? Decrypt(ReadOnlyMemory<byte> body)
    {
        if (LenientJson.ParseObject(body.Span)?.String("encrypt") is not { } text)
        {
            return null;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Keys.All.Select(key => Decrypt(key, bytes.AsSpan(0, length))).FirstOrDefault(json => json is not null)
            : null;
    }

    private static JsonElement? Decrypt(byte[] key, ReadOnlySpan<byte> encrypted)
    {
        const int BlockSize = 16;
        if (encrypted.Length < 2 * BlockSize || encrypted.Length % BlockSize != 0)
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(key);
        try
        {
            return LenientJson.ParseObject(aes.DecryptCbc(encrypted[BlockSize..], encrypted[..BlockSize]));
        }
        catch (CryptographicException)
        {
            // The event was encrypted with another Encrypt Key.
            return null;
        }
    }

    private bool IsFromApp(string? token) => app.VerificationToken is { Length: > 0 } expected
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(token ?? ""), Encoding.UTF8.GetBytes(expected));

    [GeneratedRegex(@"\A[0-9A-Za-z_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MessageId { get; }
}
