using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// A chat platform that sends commands: its signature scheme, the format of its deliveries, and the format of replies.
/// </summary>
/// <param name="name">The name of the platform in the configuration.</param>
/// <param name="scheme">The signature scheme of its deliveries.</param>
/// <param name="options">The options of all platforms, by name.</param>
public abstract class ChatPlatform(string name, SignatureScheme scheme, IOptionsMonitor<ChatPlatformOptions> options)
{
    private readonly ChatPlatformOptions options = options.Get(name);
    private readonly Lazy<SigningKeys> keys = new(() => scheme.ParseKeys(options.Get(name).Secrets));

    public string Name => name;

    /// <summary>The section of the configuration with the settings of this platform.</summary>
    public string Section { get; } = $"{ChatOpsOptions.Section}:{name}";

    public SignatureScheme Scheme => scheme;

    /// <exception cref="FormatException">A secret of the platform is invalid, so the platform is closed.</exception>
    public SigningKeys Keys => keys.Value;

    /// <summary>The users who may run commands that change something.</summary>
    public IList<string> AllowedUsers => options.AllowedUsers;

    /// <summary>
    /// Whether the HTTP response to a delivery contains the reply. If not, <see cref="ReplyLaterAsync"/> sends each
    /// reply.
    /// </summary>
    public virtual bool RepliesInline => true;

    /// <summary>
    /// The response to an unsigned request with which a platform checks the app's address; null for other requests.
    /// </summary>
    /// <param name="body">The raw body.</param>
    public virtual JsonObject? Handshake(ReadOnlyMemory<byte> body) => null;

    /// <summary>Parses a delivery whose signature is valid.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="now">The current time, in UTC.</param>
    public abstract DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now);

    /// <summary>Creates the body of a reply, in the format of the platform.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isPublic">Whether the whole channel sees the reply, if the platform lets the app choose.</param>
    public abstract JsonObject Reply(Message message, bool isPublic);

    /// <summary>
    /// The reason why the platform rejected a late reply. Null if the platform accepted the reply, or if it reports
    /// rejections by the HTTP status alone.
    /// </summary>
    /// <param name="body">The beginning of the platform's response, which has a successful HTTP status.</param>
    protected virtual string? GetReplyRejection(ReadOnlySpan<byte> body) => null;

    /// <summary>Sends a late reply, in a request of its own after the response to the delivery.</summary>
    /// <param name="sender">Sends the request.</param>
    /// <param name="url">The URL for replies to the delivery.</param>
    /// <param name="message">The message.</param>
    /// <param name="isPublic">As for <see cref="Reply"/>.</param>
    /// <returns>The reason why the platform did not accept the reply; null if it did.</returns>
    internal virtual Task<string?> ReplyLaterAsync(MessageSender sender, Uri url, Message message, bool isPublic)
    {
        var body = MessageJson.WriteBytes(Reply(message, isPublic));
        return sender.SendAsync(() => MessageJson.Post(url, body), GetReplyRejection, CancellationToken.None);
    }

    /// <summary>
    /// Parses the URL for late replies in a delivery. Accepts only https on the platform's own host, to prevent
    /// server-side request forgery.
    /// </summary>
    /// <returns>Null for any other URL.</returns>
    internal static Uri? ParseReplyUrl(string host, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? uri
            : null;
}

/// <summary>A delivered command.</summary>
/// <param name="Id">The ID of the delivery. If the platform repeats the delivery, the ID is the same.</param>
/// <param name="UserId">The ID of the user who typed the command; null if the delivery has none.</param>
/// <param name="UserName">The display name of the user.</param>
/// <param name="ChannelIds">
/// The IDs of the channel in which the command was typed. In a thread, the ID of the thread comes first.
/// </param>
/// <param name="Text">
/// The typed text without the platform's markup and without quoted messages; null for a message without text.
/// </param>
/// <param name="ReplyTo">The URL for a late reply, on the platform's own host; null if there is none.</param>
public sealed record ChatDelivery(
    string Id,
    string? UserId,
    string? UserName,
    IReadOnlyList<string?> ChannelIds,
    string? Text,
    Uri? ReplyTo = null);

/// <summary>The result of parsing a delivery.</summary>
public abstract record DeliveryParseResult
{
    /// <summary>A command.</summary>
    public sealed record Command(ChatDelivery Delivery) : DeliveryParseResult;

    /// <summary>
    /// A check whether the app can be reached, or an event that is not a command. The app accepts and ignores it.
    /// </summary>
    public sealed record Ping : DeliveryParseResult;

    /// <summary>Not a valid delivery of the platform.</summary>
    /// <param name="Reason">The validation error, which does not repeat a value of the delivery.</param>
    public sealed record Malformed(string Reason) : DeliveryParseResult;

    /// <summary>
    /// The delivery is so old that it could be a repeat: the app may have forgotten the first delivery.
    /// </summary>
    public sealed record TooOld : DeliveryParseResult;
}
