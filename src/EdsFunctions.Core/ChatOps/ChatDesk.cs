using System.Diagnostics;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Answers a delivery in the time that a platform waits. What takes longer goes on, and the host waits for it when it stops. If its
/// outcome cannot be told, it is on record, and the timer reports it.
/// </summary>
public sealed partial class ChatDesk(
    CommandRunner runner,
    UnansweredSends unansweredSends,
    MessageSender sender,
    Regions regions,
    IOptions<ChatOpsOptions> options,
    TimeProvider time,
    BackgroundWork background,
    ILogger<ChatDesk> logger)
{
    /// <summary>Slack waits three seconds, and part of them is the network's.</summary>
    internal static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2.5);

    /// <param name="delivery">A delivery whose signature is valid.</param>
    /// <param name="platform">The platform that delivered it.</param>
    /// <param name="arrived">When it came, as <see cref="TimeProvider.GetTimestamp"/> tells it.</param>
    /// <returns>The response to the delivery.</returns>
    internal async Task<JsonObject> AnswerAsync(ChatDelivery delivery, ChatPlatform platform, long arrived)
    {
        var (command, isPublic) = CommandParser.Parse(delivery.Text, options.Value.RegionOf(delivery.ChannelId), regions);
        // Whatever was asked for: a code was typed, and who answers publicly shows to whom.
        isPublic &= !command.HoldsCode;
        using var activity = EdsTelemetry.Source.StartActivity($"chat {command.GetType().Name}", ActivityKind.Server);
        // Continuations run elsewhere: they must not delay the send.
        var recorded = new TaskCompletionSource<Verification>(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = RunAsync(command, delivery, platform, verification => recorded.TrySetResult(verification));
        using var waiting = new CancellationTokenSource();
        var left = AnswerWithin - time.GetElapsedTime(arrived);
        var late = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, waiting.Token);
        if (await Task.WhenAny(work, late) == work)
        {
            await waiting.CancelAsync();
            if (platform.RepliesInline)
            {
                return platform.Reply(await work, isPublic);
            }
        }

        background.Add(FollowUpAsync(delivery.ReplyTo, platform, work, isPublic, recorded.Task));
        return platform.RepliesInline
            ? platform.Reply(runner.InProgress(recorded.Task.IsCompleted ? await recorded.Task : null), isPublic)
            : [];
    }

    /// <summary>Does not fail: after a late reply no one would see it.</summary>
    private async Task<Message> RunAsync(
        ChatCommand command, ChatDelivery delivery, ChatPlatform platform, Action<Verification> recorded)
    {
        try
        {
            return await runner.RunAsync(command, delivery, platform, recorded);
        }
        catch (Exception e)
        {
            CommandFailed(e, command.GetType().Name, platform.Name);
            return runner.Failed(e);
        }
    }

    /// <summary>
    /// Sends the result of a command that took longer than its reply could wait. Until that is delivered, the send is
    /// on record as one whose sender was not told: the timer reports it if it fails, whatever becomes of this process.
    /// Does not fail itself.
    /// </summary>
    private async Task FollowUpAsync(
        Uri? url, ChatPlatform platform, Task<Message> work, bool isPublic, Task<Verification> recorded)
    {
        var sent = await Task.WhenAny(recorded, work) == recorded ? await recorded : null;
        await SetUnansweredAsync(sent, unanswered: true, platform);
        var message = await work;
        var isDelivered = false;
        if (url is not null)
        {
            var reason = await platform.ReplyLaterAsync(sender, url, message, isPublic);
            isDelivered = reason is null;
            if (!isDelivered)
            {
                FollowUpFailed(platform.Name, reason!);
            }
        }

        await SetUnansweredAsync(sent, !isDelivered, platform);
    }

    private async Task SetUnansweredAsync(Verification? sent, bool unanswered, ChatPlatform platform)
    {
        try
        {
            await (sent is null ? Task.CompletedTask : unansweredSends.SetAsync(sent, unanswered));
        }
        catch (Exception e)
        {
            FollowUpFailed(platform.Name, e.GetType().Name);
        }
    }

    [LoggerMessage(401, LogLevel.Error, "The command {Command} from {Platform} failed")]
    private partial void CommandFailed(Exception exception, string command, string platform);

    [LoggerMessage(402, LogLevel.Warning, "What came of a command could not be said to {Platform} later: {Failure}")]
    private partial void FollowUpFailed(string platform, string failure);
}
