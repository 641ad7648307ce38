using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Sends the result of a command that took longer than its reply could wait, if the process lives that long and the platform left a
/// URL for it. It is a courtesy: the result is on record, and the reply has said how to ask for it.
/// </summary>
public sealed partial class FollowUp(MessageSender sender, ILogger<FollowUp> logger)
{
    /// <summary>Does not fail.</summary>
    public async Task SayAsync(Uri url, ChatPlatform platform, Message message, bool isPublic)
    {
        var body = MessageJson.WriteBytes(platform.Reply(message, isPublic));
        if (await sender.SendAsync(() => JsonRequest.Post(url, body), refusal: null, CancellationToken.None) is { } reason)
        {
            FollowUpFailed(platform.Name, reason);
        }
    }

    /// <summary>
    /// Parses the URL of a platform. It comes from outside, so it is only called on the platform's own host, over https: any other
    /// could be a request that someone wants us to make in our own network.
    /// </summary>
    /// <returns>Null for a URL that is not on that host.</returns>
    internal static Uri? ParseUrl(string host, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", IsDefaultPort: true, UserInfo: "" }
        && uri.IdnHost.Equals(host, StringComparison.OrdinalIgnoreCase)
            ? uri
            : null;

    [LoggerMessage(402, LogLevel.Warning, "What came of a command could not be said to {Platform} later: {Failure}")]
    private partial void FollowUpFailed(string platform, string failure);
}
