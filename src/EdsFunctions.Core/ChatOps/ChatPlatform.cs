using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>A chat platform: its signature, the format of its deliveries, and the format of replies.</summary>
/// <param name="name">The name in the configuration.</param>
/// <param name="scheme">The signature scheme of its deliveries.</param>
/// <param name="options">The options of all platforms, by name.</param>
public abstract class ChatPlatform(string name, SignatureScheme scheme, IOptionsMonitor<ChatPlatformOptions> options)
{
    private readonly ChatPlatformOptions options = options.Get(name);
    private readonly Lazy<SigningKeys> keys = new(() => scheme.ParseKeys(options.Get(name).Secrets));

    public string Name => name;

    /// <summary>The section of the configuration.</summary>
    public string Section { get; } = $"{ChatOpsOptions.Section}:{name}";

    public SignatureScheme Scheme => scheme;

    /// <exception cref="FormatException">A secret is invalid, and the platform is closed.</exception>
    public SigningKeys Keys => keys.Value;

    /// <summary>The users who may run commands that change something.</summary>
    public IList<string> AllowedUsers => options.AllowedUsers;

    /// <summary>
    /// Whether the response to a delivery is the reply. If not, <see cref="ReplyLaterAsync"/> sends each reply.
    /// </summary>
    public virtual bool RepliesInline => true;

    /// <summary>
    /// The response to an unsigned request with which a platform checks the app's address; null for other requests.
    /// </summary>
    /// <param name="body">The raw body.</param>
    public virtual JsonObject? Handshake(ReadOnlyMemory<byte> body) => null;

    /// <summary>Parses a delivery whose signature is valid.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="now">UTC.</param>
    public abstract DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now);

    /// <summary>The body of the reply.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isPublic">Whether the whole channel sees it, if the platform supports both.</param>
    public abstract JsonObject Reply(Message message, bool isPublic);

    /// <summary>
    /// The reason why the platform rejected a late reply; null if the platform accepted it, or reports rejections by
    /// the HTTP status alone.
    /// </summary>
    /// <param name="body">The beginning of the body of a response with a successful HTTP status.</param>
    protected virtual string? GetReplyRejection(ReadOnlySpan<byte> body) => null;

    /// <summary>Sends a reply after the response to the delivery.</summary>
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
    /// Parses the URL for a late reply. Only https on the platform's own host is accepted, against server-side request
    /// forgery.
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
/// <param name="Id">The platform's ID of the delivery; a repeated delivery has the same ID.</param>
/// <param name="UserId">The ID of the user; null if the platform delivers none.</param>
/// <param name="UserName">The display name of the user.</param>
/// <param name="ChannelIds">The IDs of the channel. In a thread, the thread's own ID comes first.</param>
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

    /// <summary>A check of reachability, or an event that is not a command: accepted and ignored.</summary>
    public sealed record Ping : DeliveryParseResult;

    /// <summary>Not a valid delivery of the platform.</summary>
    /// <param name="Reason">The validation error, which repeats no value.</param>
    public sealed record Malformed(string Reason) : DeliveryParseResult;

    /// <summary>The delivery is too old: the app could no longer recognize it as a repeat.</summary>
    public sealed record TooOld : DeliveryParseResult;
}
