using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Carries a command out and says what came of it: the same for every platform.</summary>
public sealed class CommandRunner(
    VerificationService verifications,
    IVerificationStore store,
    AttachmentService attachments,
    IOptions<ChatOpsOptions> options,
    TimeProvider time)
{
    /// <summary>How many verifications an answer names.</summary>
    private const int MaxListed = 20;

    /// <summary>Who asks, or closes, in no more characters than the interface takes.</summary>
    private const int MaxName = 100;

    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <summary>Carries a command out.</summary>
    /// <param name="command">The command.</param>
    /// <param name="delivery">The delivery that brought it.</param>
    /// <param name="platform">The platform that delivered it.</param>
    internal async Task<Message> RunAsync(ChatCommand command, ChatDelivery delivery, ChatPlatform platform)
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
            ChatCommand.Show show => await WithAsync(show.Ref, found => Task.FromResult(About(texts[Texts.Show, found.Ref], found))),
            ChatCommand.Close close => await WithAsync(close.Ref, found => CloseAsync(found, close.State, who, key)),
            ChatCommand.Check check => await WithAsync(check.Ref, found => CheckAsync(found, check, key)),
            ChatCommand.Attach attach => await WithAsync(attach.Ref, found => AttachAsync(found, attach, who, key)),
            ChatCommand.Mistake mistake => Mistake(mistake),
            _ => Help(),
        };
    }

    /// <summary>What is said while a command is still being carried out: where it stands is on record.</summary>
    internal async Task<Message> StillAtItAsync(ChatCommand command) =>
        command is not ChatCommand.Send { Target: var target } ? new Message(texts[Texts.StillAtIt], texts[Texts.AskPending])
        : await store.FindOpenAsync(target, CancellationToken.None) is not { } open
            ? new Message(texts[Texts.StillSending, texts.Cen(target)], texts[Texts.AskPending])
        : open.State == VerificationState.Sending
            ? About(texts[Texts.StillSending, texts.Cen(target)], open, texts[Texts.AskShow, open.Ref])
            : About(texts[Texts.Show, open.Ref], open);

    /// <summary>What is said where we failed.</summary>
    internal Message Failed() => new(texts[Texts.Failed], texts[Texts.FailedHint]);

    private async Task<Message> SendAsync(ChatCommand.Send send, string who, IdempotencyKey key)
    {
        var cen = texts.Cen(send.Target);
        return await verifications.SendAsync(new SendCommand(send.Target, who), key, CancellationToken.None) switch
        {
            SendResult.Sent sent => Sent(sent.Verification, cen, who),
            SendResult.InProgress inProgress => About(texts[Texts.SendInProgress, cen], inProgress.Open),
            SendResult.TooSoon tooSoon => About(
                texts[Texts.TooSoon, cen], tooSoon.Open, texts[Texts.TryAgainIn, texts.Duration(tooSoon.RetryAfter)]),
            SendResult.Repeated repeated => Seen(repeated.Verification),
            _ => new Message(texts[Texts.DeliveryReused]),
        };
    }

    private Message Sent(Verification verification, string cen, string who) => verification.LastFailure switch
    {
        null => About(
            texts[verification.SendCount == 1 ? Texts.Sent : Texts.SentAnew, cen],
            verification,
            texts[Texts.AskedBy, who, verification.Ref]),
        { Kind: SendFailureKind.Unknown } => About(texts[Texts.OutcomeUnknown, cen], verification, texts[Texts.NotSentAgain]),
        { Error: { Kind: EcdErrorKind.Throttled } error } => About(
            texts[Texts.Throttled, cen], verification, Refusal(error), texts[Texts.AskAgainLater]),
        { Error: { } error } => About(texts[Texts.Refused, cen], verification, Refusal(error)),
        _ => About(texts[Texts.NotSent, cen], verification, texts[Texts.AskAgainLater]),
    };

    private string Refusal(EcdError error) =>
        texts[Texts.RefusedWith, PlainText.Of(error.Code), PlainText.Of(error.RequestId ?? "-")];

    private async Task<Message> PendingAsync()
    {
        var query = new VerificationQuery(VerificationStates.Open, null, null, null, MaxListed + 1);
        var found = await store.ListAsync(query, CancellationToken.None);
        var now = time.GetUtcNow();
        return found.Count == 0
            ? new Message(texts[Texts.NothingPending])
            : new Message(
                texts[found.Count > MaxListed ? Texts.PendingMany : Texts.Pending, Math.Min(found.Count, MaxListed)],
                [],
                [.. found.Take(MaxListed).Select(one => texts.Describe(one, now))]);
    }

    private async Task<Message> CloseAsync(Verification found, VerificationState state, string who, IdempotencyKey key) =>
        await verifications.CloseAsync(found.Id, state, new Closing(who), key, CancellationToken.None) switch
        {
            CloseResult.Closed closed => About(
                texts[state == VerificationState.Completed ? Texts.Completed : Texts.Cancelled, who, found.Ref], closed.Verification),
            CloseResult.AlreadyClosed closed => About(texts[Texts.ClosedBefore, found.Ref], closed.Verification),
            CloseResult.InProgress inProgress => About(
                texts[Texts.CloseInProgress, texts.Cen(found.Target)], inProgress.Verification),
            _ => new Message(texts[Texts.NoSuchVerification]),
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
                .. done.Check.FreeCidrBlocks is { Count: > 0 } free ? [texts[Texts.FreeBlocks, string.Join(", ", free)]] : Array.Empty<string>(),
                .. done.Check.Routes.Select(route => texts[Texts.ConflictsWith, route.DestinationCidrBlock, PlainText.Of(route.NextHopInstanceId ?? "-")]),
            ]),
        AttachResult.Attached done => About(
            texts[Texts.Attached, texts.Cen(found.Target), done.Verification.OfficeSiteId, done.Verification.ClosedBy ?? "-"],
            done.Verification),
        AttachResult.AlreadyClosed closed => About(texts[Texts.ClosedBefore, found.Ref], closed.Verification),
        AttachResult.InProgress inProgress => About(texts[Texts.UseInProgress], inProgress.Verification),
        AttachResult.WithoutCen without => About(texts[Texts.WithoutCen], without.Verification),
        AttachResult.Unknown unknown => About(texts[Texts.UseUnknown], unknown.Verification, texts[Texts.UseUnknownHint]),
        AttachResult.NotDone { Outcome: EcdOutcome.Rejected { Error: var error } } notDone => About(
            CenCheck.StatusFromName(error.Code) is not CenCheckStatus.Other and var status ? texts.Status(status) : texts[Texts.UseRefused],
            notDone.Verification,
            [
                Refusal(error),
                .. error.Kind == EcdErrorKind.Permission ? [texts[Texts.MissingPermission, PlainText.Of(error.MissingAction ?? permission)]] : Array.Empty<string>(),
            ]),
        AttachResult.NotDone notDone => About(texts[Texts.UseNotDone], notDone.Verification, texts[Texts.AskAgainLater]),
        _ => new Message(texts[Texts.NoSuchVerification]),
    };

    private async Task<Message> WithAsync(VerificationRef reference, Func<Verification, Task<Message>> then)
    {
        if (reference.Id is { } id)
        {
            return await store.GetAsync(id, CancellationToken.None) is { } named
                ? await then(named)
                : new Message(texts[Texts.NoSuchVerification]);
        }

        var found = await store.FindOpenByRefAsync(reference.Prefix, MaxListed, CancellationToken.None);
        var now = time.GetUtcNow();
        return found switch
        {
            // What was typed is not repeated: it may be a code that landed in the wrong place.
            [] => new Message(texts[Texts.NotFound]),
            [var one] => await then(one),
            _ => new Message(texts[Texts.Ambiguous], [], [.. found.Select(one => texts.Describe(one, now))]),
        };
    }

    private Message NotAllowed(ChatDelivery delivery, ChatPlatform platform) => new(
        texts[Texts.NotAllowed],
        texts[
            Texts.NotAllowedHint,
            PlainText.Of(delivery.UserId ?? "-", MaxName),
            $"{ChatOpsOptions.Section}:{platform.Name}:{nameof(ChatPlatformOptions.AllowedUsers)}"]);

    private Message Mistake(ChatCommand.Mistake mistake)
    {
        string Join(IReadOnlyList<Phrase> phrases) =>
            phrases.Count == 0 ? texts[Texts.Nothing] : string.Join(", ", phrases.Select(phrase => phrase.In(texts)));
        return new Message(
            texts[Texts.Mistake],
            texts[Texts.Understood, Join(mistake.Understood)],
            texts[Texts.Wrong, Join(mistake.Wrong)],
            texts[Texts.Right, mistake.Right ?? string.Join(" | ", CommandParser.Commands.Select(command => command.Form))]);
    }

    private Message Help() => new(
        texts[Texts.HelpHeadline],
        [
            .. CommandParser.Commands.Select(command => texts[command.Help, command.Form]),
            texts[Texts.HelpRef],
            texts[Texts.HelpPublic],
        ]);

    private Message Seen(Verification verification) => About(texts[Texts.SeenBefore], verification);

    private Message About(string headline, Verification verification, params IReadOnlyList<string> lines) =>
        new(headline, lines, [texts.Describe(verification, time.GetUtcNow())]);

    private static string Who(ChatDelivery delivery) =>
        PlainText.Of(delivery.UserName is { Length: > 0 } name ? name : delivery.UserId ?? "-", MaxName - 1);
}
