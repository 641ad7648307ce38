using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Carries a command out and says what came of it: the same for every platform.</summary>
internal sealed class CommandRunner(
    VerificationService verifications, AttachmentService attachments, IOptions<ChatOpsOptions> options, TimeProvider time)
{
    /// <summary>How many verifications an answer names.</summary>
    private const int MaxListed = 20;

    /// <summary>Who asks, or closes, in no more characters than the interface takes.</summary>
    private const int MaxName = 100;

    private readonly Texts texts = Texts.In(options.Value.Language);

    /// <summary>Carries a command out.</summary>
    /// <param name="command">The command.</param>
    /// <param name="delivery">The delivery that brought it.</param>
    /// <param name="platform">The platform that delivered it.</param>
    public async Task<Message> RunAsync(ChatCommand command, ChatDelivery delivery, IChatPlatform platform)
    {
        // Of a text with a code not even a hash is kept.
        var key = IdempotencyKey.Of(
            $"chat {platform.Name} {delivery.Id}", delivery.UserId, command.HoldsCode ? command.GetType().Name : delivery.Text);
        if (command.Changes)
        {
            if (await verifications.FindRepeatAsync(key, CancellationToken.None) is { } seen)
            {
                return Seen(seen);
            }

            if (delivery.UserId is not { Length: > 0 } user || !platform.AllowedUsers.Contains(user))
            {
                return NotAllowed(delivery, platform);
            }
        }

        var who = Who(delivery);
        return command switch
        {
            ChatCommand.Send send => await SendAsync(send, who, key),
            ChatCommand.Pending => await PendingAsync(),
            ChatCommand.Show show => await WithAsync(show.Ref, found => Task.FromResult(About(texts[TextId.Show, found.Ref], found))),
            ChatCommand.Close close => await WithAsync(close.Ref, found => CloseAsync(found, close.State, who, key)),
            ChatCommand.Check check => await WithAsync(check.Ref, found => CheckAsync(found, check, key)),
            ChatCommand.Attach attach => await WithAsync(attach.Ref, found => AttachAsync(found, attach, who, key)),
            ChatCommand.Mistake mistake => Mistake(mistake),
            _ => Help(),
        };
    }

    /// <summary>What is said while a command is still being carried out: where it stands is on record.</summary>
    public async Task<Message> StillAtItAsync(ChatCommand command) =>
        command is not ChatCommand.Send { Target: var target } ? new Message(texts[TextId.StillAtIt], texts[TextId.AskPending])
        : await verifications.FindOpenAsync(target, CancellationToken.None) is not { } open
            ? new Message(texts[TextId.StillSending, texts.Cen(target)], texts[TextId.AskPending])
        : open.State == VerificationState.Sending
            ? About(texts[TextId.StillSending, texts.Cen(target)], open, texts[TextId.AskShow, open.Ref])
            : About(texts[TextId.Show, open.Ref], open);

    /// <summary>What is said where we failed.</summary>
    public Message Failed() => new(texts[TextId.Failed], texts[TextId.FailedHint]);

    private async Task<Message> SendAsync(ChatCommand.Send send, string who, IdempotencyKey key)
    {
        var cen = texts.Cen(send.Target);
        return await verifications.SendAsync(new SendCommand(send.Target, who), key, CancellationToken.None) switch
        {
            SendResult.Sent sent => Sent(sent.Verification, cen, who),
            SendResult.InProgress inProgress => About(texts[TextId.SendInProgress, cen], inProgress.Open),
            SendResult.TooSoon tooSoon => About(
                texts[TextId.TooSoon, cen], tooSoon.Open, texts[TextId.TryAgainIn, texts.Duration(tooSoon.RetryAfter)]),
            SendResult.Repeated repeated => Seen(repeated.Verification),
            _ => new Message(texts[TextId.DeliveryReused]),
        };
    }

    private Message Sent(Verification verification, string cen, string who) => verification.LastFailure switch
    {
        null => About(
            texts[verification.SendCount == 1 ? TextId.Sent : TextId.SentAnew, cen],
            verification,
            texts[TextId.AskedBy, who, verification.Ref]),
        { Kind: SendFailureKind.Unknown } => About(texts[TextId.OutcomeUnknown, cen], verification, texts[TextId.NotSentAgain]),
        { Error: { Kind: EcdErrorKind.Throttled } error } => About(
            texts[TextId.Throttled, cen], verification, Refusal(error), texts[TextId.AskAgainLater]),
        { Error: { } error } => About(texts[TextId.Refused, cen], verification, Refusal(error)),
        _ => About(texts[TextId.NotSent, cen], verification, texts[TextId.AskAgainLater]),
    };

    private string Refusal(EcdError error) =>
        texts[TextId.RefusedWith, PlainText.Of(error.Code), PlainText.Of(error.RequestId ?? "-")];

    private async Task<Message> PendingAsync()
    {
        var query = new VerificationQuery(VerificationStates.Open, null, null, null, MaxListed + 1);
        var found = await verifications.ListAsync(query, CancellationToken.None);
        var now = time.GetUtcNow();
        return found.Count == 0
            ? new Message(texts[TextId.NothingPending])
            : new Message(
                texts[found.Count > MaxListed ? TextId.PendingMany : TextId.Pending, Math.Min(found.Count, MaxListed)],
                [],
                [.. found.Take(MaxListed).Select(one => texts.Describe(one, now))]);
    }

    private async Task<Message> CloseAsync(Verification found, VerificationState state, string who, IdempotencyKey key) =>
        await verifications.CloseAsync(found.Id, state, new Closing(who), key, CancellationToken.None) switch
        {
            CloseResult.Closed closed => About(
                texts[state == VerificationState.Completed ? TextId.Completed : TextId.Cancelled, who, found.Ref], closed.Verification),
            CloseResult.AlreadyClosed closed => About(texts[TextId.ClosedBefore, found.Ref], closed.Verification),
            CloseResult.InProgress inProgress => About(
                texts[TextId.CloseInProgress, texts.Cen(found.Target)], inProgress.Verification),
            _ => new Message(texts[TextId.NoSuchVerification]),
        };

    private async Task<Message> CheckAsync(Verification found, ChatCommand.Check check, IdempotencyKey key) =>
        Used(await attachments.CheckAsync(found.Id, check.CidrBlock, check.Code, key, CancellationToken.None), found, "ecd:VerifyCen");

    private async Task<Message> AttachAsync(Verification found, ChatCommand.Attach attach, string who, IdempotencyKey key) => Used(
        await attachments.AttachAsync(found.Id, attach.OfficeSiteId, attach.Code, who, key, CancellationToken.None), found, "ecd:AttachCen");

    private Message Used(AttachResult result, Verification found, string permission) => result switch
    {
        AttachResult.Checked done => About(
            texts.Status(done.Check.Status),
            done.Verification,
            [
                .. done.Check.FreeCidrBlocks is { Count: > 0 } free ? [texts[TextId.FreeBlocks, string.Join(", ", free)]] : Array.Empty<string>(),
                .. done.Check.Routes.Select(route => texts[TextId.ConflictsWith, route.DestinationCidrBlock, PlainText.Of(route.NextHopInstanceId ?? "-")]),
            ]),
        AttachResult.Attached done => About(
            texts[TextId.Attached, texts.Cen(found.Target), done.Verification.OfficeSiteId, done.Verification.ClosedBy ?? "-"],
            done.Verification),
        AttachResult.AlreadyClosed closed => About(texts[TextId.ClosedBefore, found.Ref], closed.Verification),
        AttachResult.InProgress inProgress => About(texts[TextId.UseInProgress], inProgress.Verification),
        AttachResult.WithoutCen without => About(texts[TextId.WithoutCen], without.Verification),
        AttachResult.Unknown unknown => About(texts[TextId.UseUnknown], unknown.Verification, texts[TextId.UseUnknownHint]),
        AttachResult.NotDone { Outcome: EcdOutcome.Rejected { Error: var error } } notDone => About(
            CenCheckStatuses.Of(error.Code) is not CenCheckStatus.Other and var status ? texts.Status(status) : texts[TextId.UseRefused],
            notDone.Verification,
            [
                Refusal(error),
                .. error.Kind == EcdErrorKind.Permission ? [texts[TextId.MissingPermission, PlainText.Of(error.MissingAction ?? permission)]] : Array.Empty<string>(),
            ]),
        AttachResult.NotDone notDone => About(texts[TextId.UseNotDone], notDone.Verification, texts[TextId.AskAgainLater]),
        _ => new Message(texts[TextId.NoSuchVerification]),
    };

    private async Task<Message> WithAsync(VerificationRef reference, Func<Verification, Task<Message>> then)
    {
        if (reference.Id is { } id)
        {
            return await verifications.GetAsync(id, CancellationToken.None) is { } named
                ? await then(named)
                : new Message(texts[TextId.NoSuchVerification]);
        }

        var found = await verifications.FindOpenByRefAsync(reference.Prefix, MaxListed, CancellationToken.None);
        var now = time.GetUtcNow();
        return found switch
        {
            // What was typed is not repeated: it may be a code that landed in the wrong place.
            [] => new Message(texts[TextId.NotFound]),
            [var one] => await then(one),
            _ => new Message(texts[TextId.Ambiguous], [], [.. found.Select(one => texts.Describe(one, now))]),
        };
    }

    private Message NotAllowed(ChatDelivery delivery, IChatPlatform platform) => new(
        texts[TextId.NotAllowed],
        texts[
            TextId.NotAllowedHint,
            PlainText.Of(delivery.UserId ?? "-", MaxName),
            $"{ChatOpsOptions.Section}:{platform.Name}:{nameof(ChatPlatformOptions.AllowedUsers)}"]);

    private Message Mistake(ChatCommand.Mistake mistake)
    {
        string Join(IReadOnlyList<Phrase> phrases) =>
            phrases.Count == 0 ? texts[TextId.Nothing] : string.Join(", ", phrases.Select(phrase => phrase.In(texts)));
        return new Message(
            texts[TextId.Mistake],
            texts[TextId.Understood, Join(mistake.Understood)],
            texts[TextId.Wrong, Join(mistake.Wrong)],
            texts[TextId.Right, mistake.Right ?? CommandParser.AllForms]);
    }

    private Message Help() => new(
        texts[TextId.HelpHeadline],
        texts[TextId.HelpSend, CommandParser.SendForm],
        texts[TextId.HelpPending, CommandParser.PendingForm],
        texts[TextId.HelpShow, CommandParser.ShowForm],
        texts[TextId.HelpCheck, CommandParser.CheckForm],
        texts[TextId.HelpAttach, CommandParser.AttachForm],
        texts[TextId.HelpDone, CommandParser.DoneForm],
        texts[TextId.HelpCancel, CommandParser.CancelForm],
        texts[TextId.HelpHelp, CommandParser.HelpForm],
        texts[TextId.HelpRef],
        texts[TextId.HelpPublic]);

    private Message Seen(Verification verification) => About(texts[TextId.SeenBefore], verification);

    private Message About(string headline, Verification verification, params IReadOnlyList<string> lines) =>
        new(headline, lines, [texts.Describe(verification, time.GetUtcNow())]);

    private static string Who(ChatDelivery delivery) =>
        PlainText.Of(delivery.UserName is { Length: > 0 } name ? name : delivery.UserId ?? "-", MaxName - 1);
}
