using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Outgoing webhooks of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
/// </summary>
internal sealed partial class TeamsPlatform(IOptions<ChatOpsOptions> options) : IChatPlatform
{
    /// <summary>
    /// No time is in the signature, but one is in the body, which is signed. Deliveries are known for longer than this, so that one that
    /// was captured is either known or too old.
    /// </summary>
    private static readonly TimeSpan FreshFor = TimeSpan.FromHours(24);

    /// <inheritdoc/>
    public string Name => "Teams";

    /// <inheritdoc/>
    public SigningKeys Keys { get; } = SigningKeys.OfBase64(options.Value.Teams.Secrets);

    /// <inheritdoc/>
    public IList<string> AllowedUsers => options.Value.Teams.AllowedUsers;

    /// <inheritdoc/>
    public SignatureVerifier Verify => TeamsSignature.Verify;

    /// <inheritdoc/>
    public DeliveryReading Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        if (ActivityFields.Parse(body) is not { } activity
            || activity.Text("id") is not { Length: > 0 } id
            || activity.Text("text") is not { } text)
        {
            return new DeliveryReading.Unreadable("must be an activity with id and text");
        }

        if (DateTimeOffset.TryParse(
                activity.Text("timestamp"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var sent)
            && now - sent > FreshFor)
        {
            return new DeliveryReading.TooOld();
        }

        return new DeliveryReading.Command(new ChatDelivery(
            $"{activity.Text("conversation", "id")} {id}",
            activity.Text("from", "aadObjectId"),
            activity.Text("from", "name"),
            activity.Text("conversation", "id"),
            Strip(text)));
    }

    /// <inheritdoc/>
    public JsonObject Reply(Message message, bool isPublic) => TeamsFormat.Payload(message);

    /// <summary>The text is HTML: the mention of the webhook goes with what it holds, other tags go alone.</summary>
    private static string Strip(string text) => WebUtility.HtmlDecode(Tag.Replace(Mention.Replace(text, " "), " "));

    [GeneratedRegex(@"<at\b[^>]*>[^<]*</at>", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Mention { get; }

    [GeneratedRegex(@"<[^<>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }
}
