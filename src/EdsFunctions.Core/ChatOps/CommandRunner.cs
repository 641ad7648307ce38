using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps;

/// <summary>Carries a command out and says what came of it: the same for every platform.</summary>
public sealed class CommandRunner(
    SendVerification send,
    ResendVerification resend,
    CloseVerification close,
    RepeatedRequests repeats,
    IVerificationStore store,
    CheckCen checkCen,
    AttachToOfficeSite attachToOfficeSite,
    IOptions<ChatOpsOptions> options)
{
    /// <summary>How many verifications an answer names.</summary>
    private const int MaxListed = 20;

    /// <summary>What is kept as the answer to a delivery.</summary>
    private const string Delivered = "delivered";

    /// <summary>How long a failed send is listed with the open verifications.</summary>
    private static readonly TimeSpan FailedWithin = TimeSpan.FromHours(1);

    /// <summary>Who asks, or closes, in no more characters than the interface takes.</summary>
    private const int MaxName = 100;

    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <summary>Carries a command out.</summary>
    /// <param name="command">The command.</param>
    /// <param name="delivery">The delivery that brought it.</param>
    /// <param name="platform">The platform that delivered it.</param>
    /// <param name="recorded">Gets the verification once a send is allowed and recorded.</param>
    internal async Task<Message> RunAsync(
        ChatCommand command, ChatDelivery delivery, ChatPlatform platform, Action<Verification> recorded)
    {
        // Of a text with a code not even a hash is kept.
        var key = IdempotencyKey.Of(
            $"chat {platform.Name} {delivery.Id}", delivery.UserId, command.HoldsCode ? command.GetType().Name : delivery.Text);
        if (command.Changes && (delivery.UserId is not { Length: > 0 } user || !platform.AllowedUsers.Contains(user)))
        {
            return NotAllowed(delivery, platform);
        }

        var who = Who(delivery);
        return command switch
        {
            ChatCommand.Send { Target: var target } => Answer(
                await send.RunAsync(new(target, who), key, CancellationToken.None, recorded), texts.Cen(target), who),
            ChatCommand.Resend { Ref: var reference } => await WithAsync(reference, async found => Answer(
                await resend.RunAsync(new(found.Id, who), key, CancellationToken.None, recorded),
                texts.Cen(found.Target), who)),
            ChatCommand.Pending => await PendingAsync(),
            ChatCommand.Show show => await WithAsync(show.Ref, found => Task.FromResult(About(texts[Texts.Show, found.Ref], found))),
            ChatCommand.Close { Ref: var reference, State: var state } =>
                await WithAsync(reference, found => CloseAsync(found, state, who, key)),
            ChatCommand.Check check => await WithAsync(check.Ref, found => CheckAsync(found, check, key)),
            ChatCommand.Attach attach => await WithAsync(attach.Ref, found => AttachAsync(found, attach, who, key)),
            ChatCommand.Mistake mistake => Mistake(mistake),
            _ => Help(),
        };
    }

    /// <summary>The reply while a command is still being carried out. It reads nothing: the store may be what is slow.</summary>
    /// <param name="recorded">The verification, if a send is allowed and recorded.</param>
    internal Message InProgress(Verification? recorded) => recorded is null
        ? new Message(texts[Texts.StillAtIt], texts[Texts.AskPending])
        : About(texts[Texts.StillSending, texts.Cen(recorded.Target)], recorded, texts[Texts.AskShow, recorded.Ref]);

    /// <summary>The reply if the app failed.</summary>
    internal Message Failed(Exception failure) => failure is UnreadableRecordException unreadable
        ? new(texts[Texts.Unreadable, unreadable.Id])
        : new(texts[Texts.CommandFailed], texts[Texts.CommandFailedHint]);

    private Message Answer(SendVerification.Result result, string cen, string who) => result switch
    {
        SendVerification.Result.Sent sent => Sent(sent.Verification, cen, who),
        SendVerification.Result.AlreadyOpen { Open: var open } => About(
            texts[Texts.AlreadyOpen, cen], open, texts[Texts.AskResend, open.Ref]),
        SendVerification.Result.InProgress inProgress => About(texts[Texts.SendInProgress, cen], inProgress.Open),
        SendVerification.Result.TooSoon { Verification: { } last } tooSoon => About(
            texts[Texts.TooSoon, cen], last, TryAgainIn(tooSoon.RetryAfter)),
        SendVerification.Result.TooSoon { RetryAfter: var wait } =>
            new Message(texts[Texts.TooSoon, cen], TryAgainIn(wait)),
        SendVerification.Result.OwnerLimit { RetryAfter: var wait } =>
            new Message(texts[Texts.OwnerLimit, cen], TryAgainIn(wait)),
        SendVerification.Result.NotFound => new Message(texts[Texts.NoSuchVerification]),
        SendVerification.Result.AlreadyClosed { Verification: var closed } =>
            About(texts[Texts.ClosedBefore, closed.Ref], closed),
        SendVerification.Result.Repeated repeated => Seen(repeated.Verification),
        _ => new Message(texts[Texts.DeliveryReused]),
    };

    private string TryAgainIn(TimeSpan wait) => texts[Texts.TryAgainIn, texts.Duration(wait)];

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
        var current = await store.ListAllCurrentAsync(CancellationToken.None);
        var now = store.UtcNow;
        // One that cannot be read may be open.
        var open = current.Where(one => one.Verification is not { IsOpen: false }).ToList();
        var failed = current.Where(one => one.Verification is { ClosedAt: { } at } && at >= now - FailedWithin).ToList();
        // Many open ones leave room for the latest failures.
        var namedFailed = failed.TakeLast(Math.Max(MaxListed - open.Count, MaxListed / 2)).ToList();
        var namedOpen = open.Take(MaxListed - namedFailed.Count).ToList();
        return new Message(
            open.Count == 0 ? texts[Texts.NothingPending]
                : texts[open.Count > namedOpen.Count ? Texts.PendingMany : Texts.Pending, namedOpen.Count],
            failed.Count == 0 ? [] : [texts[Texts.FailedLately, failed.Count]],
            [.. namedOpen.Concat(namedFailed).Select(one => Describe(one, now))]);
    }

    private MessageItem Describe(StoredVerification stored, DateTimeOffset now) => stored.Verification is { } verification
        ? texts.Describe(verification, now)
        : new MessageItem(texts[Texts.Unreadable, stored.Id], []);

    private async Task<Message> CloseAsync(Verification found, VerificationState state, string who, IdempotencyKey key) =>
        await close.RunAsync(new(found.Id, state, who), key, CancellationToken.None) switch
        {
            CloseVerification.Result.Closed closed => About(
                texts[state == VerificationState.Completed ? Texts.Completed : Texts.Cancelled, who, found.Ref], closed.Verification),
            CloseVerification.Result.AlreadyClosed closed => About(
                texts[Texts.ClosedBefore, found.Ref], closed.Verification),
            CloseVerification.Result.Repeated { Repeat.Verification: { } repeated } => Seen(repeated),
            CloseVerification.Result.InProgress inProgress => About(
                texts[Texts.CloseInProgress, texts.Cen(found.Target)], inProgress.Verification),
            _ => new Message(texts[Texts.NoSuchVerification]),
        };

    private async Task<Message> CheckAsync(Verification found, ChatCommand.Check check, IdempotencyKey key) => await UsedAsync(
        await checkCen.RunAsync(new(found.Id, check.CidrBlock, check.Code), key, CancellationToken.None),
        found, VerifyCen.RamAction, key);

    private async Task<Message> AttachAsync(
        Verification found, ChatCommand.Attach attach, string who, IdempotencyKey key) => await UsedAsync(
        await attachToOfficeSite.RunAsync(
            new(found.Id, attach.OfficeSiteId, attach.Code, who), key, CancellationToken.None),
        found, AttachCen.RamAction, key);

    private async Task<Message> UsedAsync(
        AttachToOfficeSite.Result result, Verification found, string permission, IdempotencyKey key)
    {
        if (result.IsFinal)
        {
            // A repeated delivery is answered from the record, so that it is enough to know that there was an answer.
            await repeats.RememberAnswerAsync(key, Delivered);
        }

        return Used(result, found, permission);
    }

    private Message Used(AttachToOfficeSite.Result result, Verification found, string permission) => result switch
    {
        AttachToOfficeSite.Result.Checked done => About(
            texts.Status(done.Check.Status),
            done.Verification,
            [
                .. done.Check.FreeCidrBlocks is { Count: > 0 } free ? [texts[Texts.FreeBlocks, string.Join(", ", free)]] : Array.Empty<string>(),
                .. done.Check.Routes.Select(route => texts[Texts.ConflictsWith, route.DestinationCidrBlock, PlainText.Of(route.NextHopInstanceId ?? "-")]),
            ]),
        AttachToOfficeSite.Result.Attached done => About(
            texts[Texts.Attached, texts.Cen(found.Target), done.Verification.OfficeSiteId, done.Verification.ClosedBy ?? "-"],
            done.Verification),
        AttachToOfficeSite.Result.Accepted { Verification: var accepted } => About(
            texts[Texts.AttachAccepted, texts.Cen(found.Target)], accepted, texts[Texts.AskShow, accepted.Ref]),
        AttachToOfficeSite.Result.AlreadyClosed closed => About(
            texts[Texts.ClosedBefore, found.Ref], closed.Verification),
        AttachToOfficeSite.Result.InProgress inProgress => About(texts[Texts.UseInProgress], inProgress.Verification),
        AttachToOfficeSite.Result.TooManyChecks checks => About(
            texts[Texts.TooManyChecks], checks.Verification, TryAgainIn(checks.RetryAfter)),
        AttachToOfficeSite.Result.Repeated { Repeat.Verification: { } repeated } => Seen(repeated),
        AttachToOfficeSite.Result.WithoutCen without => About(texts[Texts.WithoutCen], without.Verification),
        AttachToOfficeSite.Result.Failed { Verification: var verification } failed => failed.Failure.Match(
            rejected => About(
                CenCheck.StatusFromName(rejected.Error.Code) is not CenCheckStatus.Other and var status
                    ? texts.Status(status)
                    : texts[Texts.UseRefused],
                verification,
                [
                    Refusal(rejected.Error),
                    .. rejected.Error.Kind == EcdErrorKind.Permission
                        ? [texts[Texts.MissingPermission, PlainText.Of(rejected.Error.MissingAction ?? permission)]]
                        : Array.Empty<string>(),
                ]),
            notSent => About(texts[Texts.UseNotDone], verification, texts[Texts.AskAgainLater]),
            unknown => About(texts[Texts.UseUnknown], verification, texts[Texts.UseUnknownHint])),
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

        var found = await store.FindByRefAsync(reference.Prefix, MaxListed, CancellationToken.None);
        var open = found.Where(one => one.Verification is not { IsOpen: false }).ToArray();
        var now = store.UtcNow;
        // Of a full list there may be more.
        return (open.Length > 0 && found.Count < MaxListed ? open : found) switch
        {
            // What was typed is not repeated: it may be a code that landed in the wrong place.
            [] => new Message(texts[Texts.NotFound]),
            [{ Verification: { } one }] => await then(one),
            [{ Id: var unreadable }] => new Message(texts[Texts.Unreadable, unreadable]),
            var more => new Message(texts[Texts.Ambiguous], [], [.. more.Select(one => Describe(one, now))]),
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
        new(headline, lines, [texts.Describe(verification, store.UtcNow)]);

    private static string Who(ChatDelivery delivery) =>
        PlainText.Of(delivery.UserName is { Length: > 0 } name ? name : delivery.UserId ?? "-", MaxName - 1);
}
