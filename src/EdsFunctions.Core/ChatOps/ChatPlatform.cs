using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.ChatOps;

/// <summary>What differs between chat platforms: the signature, the form of a delivery, and the form of a reply.</summary>
/// <param name="name">Its name in the configuration.</param>
/// <param name="scheme">How it signs.</param>
/// <param name="options">Its options, by its name.</param>
public abstract class ChatPlatform(string name, SignatureScheme scheme, IOptionsMonitor<ChatPlatformOptions> options)
{
    private readonly ChatPlatformOptions options = options.Get(name);

    public string Name => name;

    public SignatureScheme Scheme => scheme;

    public SigningKeys Keys { get; } = scheme.ParseKeys(options.Get(name).Secrets);

    /// <summary>The users who may change things.</summary>
    public IList<string> AllowedUsers => options.AllowedUsers;

    /// <summary>Whether the response to a delivery is the reply; if not, each reply is sent by <see cref="ReplyLaterAsync"/>.</summary>
    public virtual bool RepliesInline => true;

    /// <summary>The response to a request by which a platform checks the app's address; null for anything else. It is not signed.</summary>
    /// <param name="body">The raw body.</param>
    public virtual JsonObject? Handshake(ReadOnlyMemory<byte> body) => null;

    /// <summary>Parses a delivery whose signature is valid.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="now">UTC.</param>
    public abstract DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now);

    /// <summary>The body of the reply.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isPublic">Whether the whole channel sees it, where the platform leaves that open.</param>
    public abstract JsonObject Reply(Message message, bool isPublic);

    /// <summary>Why the platform rejected a later reply; null if it accepted it, or if only the HTTP status says.</summary>
    /// <param name="body">The beginning of its response to a request that succeeded in HTTP.</param>
    protected virtual string? GetReplyRejection(ReadOnlySpan<byte> body) => null;

    /// <summary>Sends a reply after the response to the delivery.</summary>
    /// <param name="sender">Sends it.</param>
    /// <param name="url">The delivery's URL for replies.</param>
    /// <param name="message">The message.</param>
    /// <param name="isPublic">As for <see cref="Reply"/>.</param>
    /// <returns>Why it was not accepted; null if it was.</returns>
    internal virtual Task<string?> ReplyLaterAsync(MessageSender sender, Uri url, Message message, bool isPublic)
    {
        var body = MessageJson.WriteBytes(Reply(message, isPublic));
        return sender.SendAsync(() => MessageJson.Post(url, body), GetReplyRejection, CancellationToken.None);
    }

    /// <summary>
    /// Parses the URL for a later reply. It comes from outside, so it is only called on the platform's own host, over https: any other
    /// could be a request that someone wants us to make in our own network.
    /// </summary>
    /// <returns>Null for a URL that is not on that host.</returns>
    internal static Uri? ParseReplyUrl(string host, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? uri
            : null;
}

/// <summary>A command as a platform delivered it.</summary>
/// <param name="Id">The platform's id of the delivery; the same when it delivers again.</param>
/// <param name="UserId">Who typed it, as the platform's permissions know them; null where it does not say.</param>
/// <param name="UserName">Who typed it, for people to read.</param>
/// <param name="ChannelId">Where it was typed.</param>
/// <param name="Text">What was typed, without the platform's markup.</param>
/// <param name="ReplyTo">Where a later reply goes, on the platform's own host; null for nowhere.</param>
public sealed record ChatDelivery(
    string Id, string? UserId, string? UserName, string? ChannelId, string Text, Uri? ReplyTo = null);

/// <summary>The result of parsing a delivery.</summary>
public abstract record DeliveryParseResult
{
    /// <summary>A command.</summary>
    public sealed record Command(ChatDelivery Delivery) : DeliveryParseResult;

    /// <summary>A check whether the app is reachable.</summary>
    public sealed record Ping : DeliveryParseResult;

    /// <summary>Not a delivery of this platform.</summary>
    /// <param name="Reason">Why, without a value of it.</param>
    public sealed record Malformed(string Reason) : DeliveryParseResult;

    /// <summary>Sent so long ago that the app would no longer recognize a repeat of it.</summary>
    public sealed record TooOld : DeliveryParseResult;
}
