using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// Outgoing webhooks of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
/// </summary>
public sealed partial class TeamsPlatform(IOptionsMonitor<ChatPlatformOptions> options)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "Teams";

    /// <summary>
    /// Signs the body, but no time
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
    /// The signature has no time, but the signed body has. Deliveries are remembered for longer than this, so a
    /// replayed delivery is either a repeat or too old.
    /// </summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (LenientJson.ParseObject(body.Span) is not { } activity
            || activity.String("id") is not { Length: > 0 } id
            || activity.String("text") is not { } text)
        {
            return new DeliveryParseResult.Malformed("must be an activity with id and text");
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

        return new DeliveryParseResult.Command(new ChatDelivery(
            $"{activity.String("conversation", "id")} {id}",
            activity.String("from", "aadObjectId"),
            activity.String("from", "name"),
            activity.String("conversation", "id"),
            Strip(text)));
    }

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic) => TeamsFormat.Payload(message);

    /// <summary>Converts HTML to text: removes mentions with their content, and other tags without it.</summary>
    private static string Strip(string text) => WebUtility.HtmlDecode(Tag.Replace(Mention.Replace(text, " "), " "));

    [GeneratedRegex(
        @"<at\b[^>]*>[^<]*</at>",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Mention { get; }

    [GeneratedRegex(@"<[^<>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }
}
