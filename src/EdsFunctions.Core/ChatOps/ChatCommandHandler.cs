using System.Diagnostics;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Runs a chat command, and replies within the time limit of the chat platforms. If the command takes longer, it
/// continues in the background, and its result follows as a late reply. Shutdown waits for such a command. If the late
/// reply cannot be delivered, the timer reports the send if it failed. The result of a check or an attachment is saved
/// with the verification, where the command <c>show</c> finds it.
/// </summary>
public sealed partial class ChatCommandHandler(
    CommandServices services,
    UndeliveredReplies undelivered,
    MessageSender sender,
    Regions regions,
    IOptions<ChatOpsOptions> options,
    TimeProvider time,
    BackgroundWork background,
    ILogger<ChatCommandHandler> logger)
{
    /// <summary>
    /// The time after which a command gets a first reply without its result. The platforms wait for three seconds or
    /// longer, including the time on the network.
    /// </summary>
    internal static readonly TimeSpan ReplyWithin = TimeSpan.FromSeconds(2.5);

    /// <summary>The maximum length of the name of a user, as for a name in the HTTP API.</summary>
    private const int MaxName = 100;

    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <param name="delivery">A delivery whose signature is valid.</param>
    /// <param name="platform">The platform that sent the delivery.</param>
    /// <param name="arrived">When the delivery arrived: a value of <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <returns>The response to the delivery.</returns>
    internal async Task<JsonObject> HandleAsync(ChatDelivery delivery, ChatPlatform platform, long arrived)
    {
        var (command, isPublic) = CommandParser.Parse(
            delivery.Text, options.Value.GetRegion(delivery.ChannelIds), regions);
        // A command with a code gets a private reply, because a public reply would show the code to the channel.
        isPublic &= !command.HoldsCode;
        using var activity = EdsTelemetry.Source.StartActivity($"chat {command.Name}", ActivityKind.Server);
        // Run the continuations asynchronously, so that they do not delay the send.
        var recorded = new TaskCompletionSource<Verification>(TaskCreationOptions.RunContinuationsAsynchronously);
        var context = CreateContext(command, delivery, platform, verification => recorded.TrySetResult(verification));
        var work = RunAsync(command, context, delivery, platform);
        using var waiting = new CancellationTokenSource();
        var left = ReplyWithin - time.GetElapsedTime(arrived);
        var late = Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, waiting.Token);
        if (await Task.WhenAny(work, late) == work)
        {
            await waiting.CancelAsync();
            if (platform.RepliesInline)
            {
                return platform.Reply(await work, isPublic);
            }
        }

        background.Add(FollowUpAsync(command, context, delivery.ReplyTo, platform, work, isPublic, recorded.Task));
        return platform.RepliesInline
            ? platform.Reply(
                ReplyInProgress(command, recorded.Task.IsCompleted ? await recorded.Task : null, context), isPublic)
            : [];
    }

    private CommandContext CreateContext(
        ChatCommand command, ChatDelivery delivery, ChatPlatform platform, Action<Verification> recorded) => new(
            services,
            texts,
            // If the command contains a code, make the idempotency key without the text of the command, so that not
            // even a hash of the code is stored.
            IdempotencyKey.Create(
                $"chat {platform.Name} {delivery.Id}",
                delivery.UserId,
                command.HoldsCode ? command.Name : delivery.Text ?? ""),
            PlainText.Sanitize(delivery.UserName is { Length: > 0 } name ? name : delivery.UserId ?? "-", MaxName - 1),
            recorded);

    /// <summary>
    /// Runs the command. Never throws, because nothing observes the exception of a command that is late.
    /// </summary>
    private async Task<Message> RunAsync(
        ChatCommand command, CommandContext context, ChatDelivery delivery, ChatPlatform platform)
    {
        try
        {
            return command.Changes && !(delivery.UserId is { Length: > 0 } user && platform.AllowedUsers.Contains(user))
                ? ReplyNotAllowed(delivery, platform)
                : await command.RunAsync(context);
        }
        catch (Exception e)
        {
            CommandFailed(e, command.Name, platform.Name);
            return e is UnreadableRecordException unreadable
                ? new Message(texts[Texts.Unreadable, unreadable.Id])
                : new Message(texts[Texts.CommandFailed], texts[Texts.CommandFailedHint]);
        }
    }

    private Message ReplyNotAllowed(ChatDelivery delivery, ChatPlatform platform) => new(
        texts[Texts.NotAllowed],
        texts[
            Texts.NotAllowedHint,
            PlainText.Sanitize(delivery.UserId ?? "-", MaxName),
            $"{ChatOpsOptions.Section}:{platform.Name}:{nameof(ChatPlatformOptions.AllowedUsers)}"]);

    /// <summary>
    /// The first reply to a command that is still running. Does not read the store, which may be the cause of the
    /// delay.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="recorded">The verification; null if the command has not recorded a send.</param>
    /// <param name="context">The command's context.</param>
    private Message ReplyInProgress(ChatCommand command, Verification? recorded, CommandContext context) =>
        (recorded, command.HoldsCode, context.Found) switch
        {
            ({ } sending, _, _) => context.ReplyAbout(
                texts[Texts.StillSending, texts.Cen(sending.Target)], sending, texts[Texts.TypeShow, sending.Ref]),
            (_, true, { } found) => context.ReplyAbout(
                texts[Texts.TakesLonger], found, texts[Texts.TypeShow, found.Ref]),
            // The reply does not repeat the reference that the user typed, because it may be a code in the wrong place.
            (_, true, _) => new Message(texts[Texts.TakesLonger], texts[Texts.TypeShowRef]),
            _ => new Message(texts[Texts.TakesLonger], texts[Texts.TypePending]),
        };

    /// <summary>
    /// Sends the late reply to a command, with its result. Until the reply is delivered, the outcome of a send
    /// is recorded as undelivered, so that the timer reports a failed send even if this process crashes. Never throws.
    /// </summary>
    private async Task FollowUpAsync(
        ChatCommand command,
        CommandContext context,
        Uri? url,
        ChatPlatform platform,
        Task<Message> work,
        bool isPublic,
        Task<Verification> recorded)
    {
        await Task.WhenAny(recorded, work);
        var sent = recorded.IsCompletedSuccessfully ? await recorded : null;
        await RecordAsync(() => SetUndeliveredAsync(sent, isUndelivered: true), platform);
        var message = await work;
        var reason = url is null ? null : await platform.ReplyLaterAsync(sender, url, message, isPublic);
        if (url is null)
        {
            FollowUpImpossible(command.Name, platform.Name);
        }
        else if (reason is not null)
        {
            FollowUpFailed(platform.Name, reason);
        }

        var isDelivered = url is not null && reason is null;
        await RecordAsync(() => SetUndeliveredAsync(sent, !isDelivered), platform);
        if (!isDelivered && command.HoldsCode && context.Found is { } found)
        {
            await RecordAsync(
                () => undelivered.SaveAsync(
                    found.Id, context.Key, string.Join('\n', [message.Headline, .. message.Lines])),
                platform);
        }
    }

    private Task SetUndeliveredAsync(Verification? sent, bool isUndelivered) =>
        sent is null ? Task.CompletedTask : undelivered.SetUndeliveredAsync(sent, isUndelivered);

    private async Task RecordAsync(Func<Task> record, ChatPlatform platform)
    {
        try
        {
            await record();
        }
        catch (Exception e)
        {
            FollowUpFailed(platform.Name, e.GetBaseException().GetType().Name);
        }
    }

    [LoggerMessage(401, LogLevel.Error, "The command {Command} from {Platform} failed")]
    private partial void CommandFailed(Exception exception, string command, string platform);

    [LoggerMessage(
        402,
        LogLevel.Warning,
        "The late result of a command could not be posted to {Platform}: {Failure}. If the command was a send that "
        + "failed, the next report names it")]
    private partial void FollowUpFailed(string platform, string failure);

    [LoggerMessage(
        403,
        LogLevel.Warning,
        "The late result of the command {Command} could not be posted to {Platform}: the delivery had no URL for late "
        + "results. The user can type show to see it. If the command was a send that failed, the next report names it")]
    private partial void FollowUpImpossible(string command, string platform);
}
