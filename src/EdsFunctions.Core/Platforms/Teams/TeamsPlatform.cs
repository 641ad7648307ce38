using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// Receives commands from outgoing webhooks of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
/// </summary>
public sealed partial class TeamsPlatform(IOptionsMonitor<ChatPlatformOptions> options)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "Teams";

    /// <summary>
    /// Teams signs the body only, and sends no timestamp in a header
    /// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "Authorization",
        Prefix = "HMAC ",
        PrefixComparison = StringComparison.OrdinalIgnoreCase,
        Decode = SignatureScheme.Base64,
        Content = (_, _, _, body) => body.ToArray(),
        ParseKeys = SigningKeys.FromBase64,
    };

    /// <summary>
    /// The maximum age of a delivery, by the time in its signed body. The app remembers deliveries for longer than
    /// this, so it either recognizes a replayed delivery as a repeat, or rejects it as too old.
    /// </summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (LenientJson.ParseObject(body.Span) is not { } activity
            || activity.String("id") is not { Length: > 0 } id
            // If a user submits a card, the activity has a value, but no text.
            || (activity.Property("text") is { ValueKind: not JsonValueKind.Null } && activity.String("text") is null))
        {
            return new DeliveryParseResult.Malformed("must be a Teams activity with an id, and no text or a string");
        }

        if (DateTimeOffset.TryParse(
                activity.String("timestamp"),
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var sent)
            && now - sent > FreshFor)
        {
            return new DeliveryParseResult.TooOld();
        }

        var conversation = activity.String("conversation", "id");
        return new DeliveryParseResult.Command(new ChatDelivery(
            $"{conversation} {id}",
            activity.String("from", "aadObjectId"),
            activity.String("from", "name"),
            // Teams makes the id of a thread from the id of the channel, a semicolon and the id of the first message.
            [
                conversation,
                conversation?.Split(';')[0],
                activity.String("channelData", "channel", "id"),
                activity.String("channelData", "teamsChannelId"),
            ],
            ReadText(activity)));
    }

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic) => TeamsFormat.Payload(message);

    /// <summary>
    /// Reads the text of a message. If the message has a link or a quote, reads the attachment with the message in HTML
    /// instead of the field <c>text</c>. That field may have only the label of the link, and the quote without its
    /// markup.
    /// </summary>
    private static string? ReadText(JsonElement activity)
    {
        var html = activity.Items("attachments")
            .Where(attachment => attachment.String("contentType") == "text/html")
            .Select(attachment => attachment.String("content"))
            .FirstOrDefault(content => content is not null && LinkOrQuote.IsMatch(content));
        var own = WithoutQuotes(html ?? "");
        if (!string.IsNullOrWhiteSpace(Strip(own)))
        {
            return ToPlainText(own);
        }

        var text = activity.String("text") is { } given ? ToPlainText(WithoutQuotes(given)) : null;
        // The attachment has only a quote. If the field text has words of the quote, it contains the quote too, and the
        // user typed nothing.
        var isQuoted = html is not null && text is not null && Words(text).Intersect(
            Words(Strip(html)), StringComparer.OrdinalIgnoreCase).Any();
        return isQuoted ? "" : text;
    }

    private static string ToPlainText(string html) => Strip(ReplaceLinks(Mention.Replace(html, " ")));

    private static string[] Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Leaves the quotes out of a message. Quotes may be nested. If a quote has no end, everything after its start is
    /// left out.
    /// </summary>
    private static string WithoutQuotes(string html)
    {
        var depth = 0;
        return string.Join(' ', QuoteTag.Split(html).Where(part =>
        {
            if (!QuoteTag.IsMatch(part))
            {
                return depth == 0;
            }

            depth = part.StartsWith("</", StringComparison.Ordinal) ? Math.Max(0, depth - 1) : depth + 1;
            return false;
        }));
    }

    private static string ReplaceLinks(string html) => Link.Replace(html, match => WebUtility.HtmlEncode(
        CommandLink.Choose(WebUtility.HtmlDecode(match.Groups["target"].Value), Strip(match.Groups["label"].Value))));

    private static string Strip(string html) => WebUtility.HtmlDecode(Tag.Replace(html, " "));

    private const RegexOptions Html = RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
        | RegexOptions.Singleline | RegexOptions.NonBacktracking;

    /// <summary>Matches a mention, in the field <c>text</c> or in the attachment.</summary>
    [GeneratedRegex(@"<at\b[^>]*>.*?</at>|<span\b[^>]*schema\.skype\.com/Mention[^>]*>.*?</span>", Html)]
    private static partial Regex Mention { get; }

    [GeneratedRegex(@"<a\b[^>]*\bhref\s*=\s*[""']?(?<target>[^""'\s>]*)[^>]*>(?<label>.*?)</a>", Html)]
    private static partial Regex Link { get; }

    [GeneratedRegex(@"<(a|blockquote)\b", Html)]
    private static partial Regex LinkOrQuote { get; }

    [GeneratedRegex(@"(</?blockquote\b[^>]*>)", Html)]
    private static partial Regex QuoteTag { get; }

    [GeneratedRegex(@"<[^<>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }
}
