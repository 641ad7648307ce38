using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Says what came of a command that took longer than its reply could wait, if the process lives that long and the platform left a URL
/// for it. It is a courtesy: what counts is on record, and the reply has said how to ask for it.
/// </summary>
internal sealed class FollowUp(MessageSender sender, ILogger<FollowUp> logger)
{
    /// <summary>Does not fail.</summary>
    public async Task SayAsync(Uri url, IChatPlatform platform, Message message, bool isPublic)
    {
        var body = MessageJson.WriteBytes(platform.Reply(message, isPublic));
        if (await sender.SendAsync(() => JsonRequest.Post(url, body), refusal: null, CancellationToken.None) is { } reason)
        {
            logger.FollowUpFailed(platform.Name, reason);
        }
    }
}
