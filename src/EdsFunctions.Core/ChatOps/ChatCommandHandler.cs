using System.Diagnostics;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Runs a command and replies within the time limit of the platforms. A command that takes longer continues in the
/// background, and a late reply has its result; shutdown waits for it. If the late reply cannot be delivered, the timer
/// reports a failed send, and the result of a check or an attachment is saved with the verification, where <c>show</c>
/// finds it.
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
    /// <summary>The shortest limit of a platform is three seconds, including the network.</summary>
    internal static readonly TimeSpan ReplyWithin = TimeSpan.FromSeconds(2.5);

    /// <summary>The maximum length of a name, as in the HTTP API.</summary>
    private const int MaxName = 100;

    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <param name="delivery">A delivery whose signature is valid.</param>
    /// <param name="platform">The platform that delivered it.</param>
    /// <param name="arrived">The time of arrival: a value of <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <returns>The response to the delivery.</returns>
    internal async Task<JsonObject> HandleAsync(ChatDelivery delivery, ChatPlatform platform, long arrived)
    {
        var (command, isPublic) = CommandParser.Parse(
            delivery.Text, options.Value.GetRegion(delivery.ChannelIds), regions);
        // A public reply would show the code to the channel.
        isPublic &= !command.HoldsCode;
        using var activity = EdsTelemetry.Source.StartActivity($"chat {command.Name}", ActivityKind.Server);
        // Asynchronous, so that continuations do not delay the send.
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
                InProgress(command, recorded.Task.IsCompleted ? await recorded.Task : null, context), isPublic)
            : [];
    }

    private CommandContext CreateContext(
        ChatCommand command, ChatDelivery delivery, ChatPlatform platform, Action<Verification> recorded) => new(
            services,
            texts,
            // If the text contains a code, not even a hash of the text is stored.
            IdempotencyKey.Create(
                $"chat {platform.Name} {delivery.Id}",
                delivery.UserId,
                command.HoldsCode ? command.Name : delivery.Text ?? ""),
            PlainText.Sanitize(delivery.UserName is { Length: > 0 } name ? name : delivery.UserId ?? "-", MaxName - 1),
            recorded);

    /// <summary>Never throws: if the command is late, nothing observes an exception.</summary>
    private async Task<Message> RunAsync(
        ChatCommand command, CommandContext context, ChatDelivery delivery, ChatPlatform platform)
    {
        try
        {
            return command.Changes && !(delivery.UserId is { Length: > 0 } user && platform.AllowedUsers.Contains(user))
                ? NotAllowed(delivery, platform)
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

    private Message NotAllowed(ChatDelivery delivery, ChatPlatform platform) => new(
        texts[Texts.NotAllowed],
        texts[
            Texts.NotAllowedHint,
            PlainText.Sanitize(delivery.UserId ?? "-", MaxName),
            $"{ChatOpsOptions.Section}:{platform.Name}:{nameof(ChatPlatformOptions.AllowedUsers)}"]);

    /// <summary>The reply while a command is running. Reads nothing: the store may be the cause of the delay.</summary>
    /// <param name="command">The command.</param>
    /// <param name="recorded">The verification, if a send is allowed and recorded.</param>
    /// <param name="context">The command's context.</param>
    private Message InProgress(ChatCommand command, Verification? recorded, CommandContext context) =>
        (recorded, command.HoldsCode, context.Found) switch
        {
            ({ } sending, _, _) => context.About(
                texts[Texts.StillSending, texts.Cen(sending.Target)], sending, texts[Texts.TypeShow, sending.Ref]),
            (_, true, { } found) => context.About(texts[Texts.TakesLonger], found, texts[Texts.TypeShow, found.Ref]),
            // The typed reference is not repeated: it may be a misplaced code.
            (_, true, _) => new Message(texts[Texts.TakesLonger], texts[Texts.TypeShowRef]),
            _ => new Message(texts[Texts.TakesLonger], texts[Texts.TypePending]),
        };

    /// <summary>
    /// Sends the result of a late command. Until this result is delivered, a send is recorded as unanswered, so that
    /// the timer reports its failure even if this process crashes. Never throws.
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
        await RecordAsync(() => SetUnansweredAsync(sent, unanswered: true), platform);
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
        await RecordAsync(() => SetUnansweredAsync(sent, !isDelivered), platform);
        if (!isDelivered && command.HoldsCode && context.Found is { } found)
        {
            await RecordAsync(
                () => undelivered.SaveAsync(
                    found.Id, context.Key, string.Join('\n', [message.Headline, .. message.Lines])),
                platform);
        }
    }

    private Task SetUnansweredAsync(Verification? sent, bool unanswered) =>
        sent is null ? Task.CompletedTask : undelivered.SetUnansweredAsync(sent, unanswered);

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
        "The late reply to a command could not be delivered to {Platform}: {Failure}; a failed send will be reported")]
    private partial void FollowUpFailed(string platform, string failure);

    [LoggerMessage(
        403,
        LogLevel.Warning,
        "The late result of the command {Command} could not be posted to {Platform}, which gave no URL for it. The "
        + "reply named the command that shows it; a failed send will be reported")]
    private partial void FollowUpImpossible(string command, string platform);
}
