using System.Diagnostics;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Answers a delivery in the time that a platform waits. What takes longer goes on, and its answer is on record: on a serverless host
/// nothing that outlives its reply is sure to end, and then the timer settles it.
/// </summary>
public sealed partial class ChatDesk(
    CommandRunner runner, MessageSender sender, IOptions<ChatOpsOptions> options, TimeProvider time, ILogger<ChatDesk> logger)
{
    /// <summary>Slack waits three seconds, and part of them is the network's.</summary>
    internal static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2.5);

    /// <param name="delivery">A delivery whose signature is valid.</param>
    /// <param name="platform">The platform that delivered it.</param>
    /// <param name="arrived">When it came, as <see cref="TimeProvider.GetTimestamp"/> tells it.</param>
    internal async Task<(Message Message, bool IsPublic)> AnswerAsync(ChatDelivery delivery, ChatPlatform platform, long arrived)
    {
        var (command, isPublic) = CommandParser.Parse(delivery.Text, options.Value.RegionOf(delivery.ChannelId));
        // Whatever was asked for: a code was typed, and who answers publicly shows to whom.
        isPublic &= !command.HoldsCode;
        using var activity = EdsTelemetry.Source.StartActivity($"chat {command.GetType().Name}", ActivityKind.Server);
        var work = RunAsync(command, delivery, platform);
        using var waiting = new CancellationTokenSource();
        var left = AnswerWithin - time.GetElapsedTime(arrived);
        var late = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, waiting.Token);
        if (await Task.WhenAny(work, late) == work)
        {
            await waiting.CancelAsync();
            return (await work, isPublic);
        }

        if (delivery.ReplyTo is { } url)
        {
            _ = FollowUpAsync(url, platform, work, isPublic);
        }

        return (await runner.StillAtItAsync(command), isPublic);
    }

    /// <summary>Does not fail: whoever gave up waiting would not see it.</summary>
    private async Task<Message> RunAsync(ChatCommand command, ChatDelivery delivery, ChatPlatform platform)
    {
        try
        {
            return await runner.RunAsync(command, delivery, platform);
        }
        catch (Exception e)
        {
            CommandFailed(e, command.GetType().Name, platform.Name);
            return runner.Failed();
        }
    }

    /// <summary>
    /// Sends the result of a command that took longer than its reply could wait, if the process lives that long. It does not fail, and
    /// it is a courtesy: the result is on record, and the reply has said how to ask for it.
    /// </summary>
    private async Task FollowUpAsync(Uri url, ChatPlatform platform, Task<Message> work, bool isPublic)
    {
        var body = MessageJson.WriteBytes(platform.Reply(await work, isPublic));
        if (await sender.SendAsync(() => MessageJson.Post(url, body), refusal: null, CancellationToken.None) is { } reason)
        {
            FollowUpFailed(platform.Name, reason);
        }
    }

    [LoggerMessage(401, LogLevel.Error, "The command {Command} from {Platform} failed")]
    private partial void CommandFailed(Exception exception, string command, string platform);

    [LoggerMessage(402, LogLevel.Warning, "What came of a command could not be said to {Platform} later: {Failure}")]
    private partial void FollowUpFailed(string platform, string failure);
}
