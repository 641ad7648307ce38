using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Sends a code.</summary>
internal sealed record SendCodeCommand(CenTarget Target) : ChatCommand("Send", Changes: true)
{
    /// <summary>
    /// The minimum number of digits of an account ID; usually it has 16. A shorter number may be a code, which the app
    /// must not send to Alibaba Cloud as an account ID.
    /// </summary>
    internal const int MinOwnerDigits = 10;

    internal static readonly Text MissingRegion = new(
        "the region is missing, and no default is configured", "缺少地域，且未配置默认地域");
    private static readonly Text MissingCen = new("the CEN is missing", "缺少云企业网 ID");
    private static readonly Text UnknownWord = new(
        "word {0} is not a CEN, an account ID or a region", "第 {0} 个词不是云企业网 ID、账号 ID 或地域");
    private static readonly Text MoreThanOne = new("more than one {0}", "指定了多个{0}");
    private static readonly Text NameCen = new("CEN", "云企业网");
    private static readonly Text NameOwner = new("account ID", "账号 ID");
    private static readonly Text NameRegion = new("region", "地域");
    private static readonly Text WordCen = new("CEN {0}", "云企业网 {0}");
    private static readonly Text WordOwner = new("owner {0}", "所属账号 {0}");
    private static readonly Text WordRegion = new("region {0}", "地域 {0}");

    private static readonly Text Sent = new("A code was sent to the owner of {0}", "已向 {0} 的所有者发送验证码");
    private static readonly Text Resent = new("A new code was sent to the owner of {0}", "已向 {0} 的所有者重新发送验证码");
    private static readonly Text RequestedBy = new("Requested by {0}. Reference: {1}", "发起人：{0}，编号：{1}");
    private static readonly Text SendInProgress = new(
        "A code for {0} is being sent, or the CEN is being attached; nothing was done",
        "正在发送 {0} 的验证码或绑定云企业网，未执行任何操作");
    private static readonly Text TooSoon = new(
        "A code for {0} was sent a moment ago; nothing was done", "{0} 的验证码刚刚发送过，未执行任何操作");
    private static readonly Text AlreadyOpen = new(
        "A verification for {0} is already open; no code was sent", "{0} 已有未关闭的验证，未发送验证码");
    private static readonly Text TypeResend = new("To resend the code, type: resend {0}", "如需重新发送，请输入：resend {0}");
    private static readonly Text OwnerLimit = new(
        "The owner of {0} received too many codes in the last hour; no code was sent",
        "{0} 的所有者在一小时内收到的验证码过多，未发送验证码");
    private static readonly Text Paused = new(
        "An administrator has paused all sends; no code was sent for {0}", "管理员已暂停发送，{0} 的验证码未发送");
    private static readonly Text Rejected = new(
        "Alibaba Cloud rejected the request for {0}; no code was sent", "阿里云拒绝了 {0} 的请求，验证码未发送");
    private static readonly Text Throttled = new(
        "Alibaba Cloud is throttling requests; no code was sent for {0}", "阿里云正在限流，{0} 的验证码未发送");
    private static readonly Text NotSent = new(
        "The request for {0} did not reach Alibaba Cloud; no code was sent", "{0} 的请求未到达阿里云，验证码未发送");
    private static readonly Text OutcomeUnknown = new(
        "A code for {0} may have been sent: no clear response from Alibaba Cloud",
        "{0} 的验证码可能已发送：未收到阿里云的明确响应");
    private static readonly Text AskOwner = new(
        "The app does not resend it. Ask the owner whether it arrived before you resend it.",
        "应用不会自动重发。重新发送前，请先向所有者确认是否已收到。");
    private static readonly Text DeliveryReused = new(
        "This message was delivered before with another command; nothing was done", "该消息曾以其他命令送达，未执行任何操作");

    public static CommandForm Form { get; } = new(
        "send <cen> [owner] [region]",
        new Text("{0}: e-mail a code to the owner of the CEN", "{0}：向云企业网所有者发送验证码邮件"),
        Parse);

    public override async Task<Message> RunAsync(CommandContext context) => Reply(
        await context.Services.Send.RunAsync(
            new(Target, context.Caller), context.Key, CancellationToken.None, context.Recorded),
        Target,
        context);

    /// <summary>The reply to a send or a resend.</summary>
    internal static Message Reply(SendVerification.Result result, CenTarget target, CommandContext context)
    {
        var texts = context.Localizer;
        var cen = texts.Cen(target);
        return result switch
        {
            SendVerification.Result.Sent sent => ReplySent(sent.Verification, cen, context),
            SendVerification.Result.AlreadyOpen { Open: var open } => context.ReplyAbout(
                texts[AlreadyOpen, cen], open, texts[TypeResend, open.Ref]),
            SendVerification.Result.InProgress inProgress => context.ReplyAbout(
                texts[SendInProgress, cen], inProgress.Open),
            SendVerification.Result.TooSoon { Verification: { } last } tooSoon => context.ReplyAbout(
                texts[TooSoon, cen], last, context.TryAgainIn(tooSoon.RetryAfter)),
            SendVerification.Result.TooSoon { RetryAfter: var wait } =>
                new Message(texts[TooSoon, cen], context.TryAgainIn(wait)),
            SendVerification.Result.OwnerLimit { RetryAfter: var wait } =>
                new Message(texts[OwnerLimit, cen], context.TryAgainIn(wait)),
            SendVerification.Result.Paused => new Message(texts[Paused, cen], texts[Texts.TryAgainLater]),
            SendVerification.Result.NotFound => new Message(texts[Texts.NoSuchVerification]),
            SendVerification.Result.AlreadyClosed closed => context.ReplyAlreadyClosed(closed.Verification),
            SendVerification.Result.Repeated { Repeat.Verification: { } repeated } => context.ReplyRepeated(repeated),
            _ => new Message(texts[DeliveryReused]),
        };
    }

    private static Message ReplySent(Verification sent, string cen, CommandContext context)
    {
        var texts = context.Localizer;
        return sent.LastFailure switch
        {
            null => context.ReplyAbout(
                texts[sent.SendCount == 1 ? Sent : Resent, cen], sent, texts[RequestedBy, context.Caller, sent.Ref]),
            { Kind: SendFailureKind.Unknown } => context.ReplyAbout(texts[OutcomeUnknown, cen], sent, texts[AskOwner]),
            { Error: { Kind: EcdErrorKind.Throttled } error } => context.ReplyAbout(
                texts[Throttled, cen], sent, context.DescribeError(error), texts[Texts.TryAgainLater]),
            { Error: { } error } => context.ReplyAbout(texts[Rejected, cen], sent, context.DescribeError(error)),
            _ => context.ReplyAbout(texts[NotSent, cen], sent, texts[Texts.TryAgainLater]),
        };
    }

    /// <summary>Parses the words in any order, because a CEN, an account ID and a region differ in form.</summary>
    private static ChatCommand Parse(CommandForm form, IReadOnlyList<string> words, RegionChoice regions)
    {
        string? cen = null;
        string? region = null;
        AccountId? owner = null;
        var errors = new List<Phrase>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = CommandLink.FromAddress(words[i]).ToLowerInvariant();
            if (CenId.Parse(word) is { Value: var id })
            {
                Set(ref cen, id, NameCen);
            }
            else if (word.Length >= MinOwnerDigits && AccountId.Parse(word) is { } account)
            {
                Set(ref owner, account, NameOwner);
            }
            else if (regions.Served.Contains(word))
            {
                Set(ref region, word, NameRegion);
            }
            else
            {
                errors.Add(new Phrase(UnknownWord, i + 2));
            }
        }

        if (cen is null)
        {
            errors.Add(new Phrase(MissingCen));
        }

        if (region is null && regions.Default is null)
        {
            errors.Add(new Phrase(MissingRegion));
        }

        return errors.Count == 0
            ? new SendCodeCommand(new CenTarget(region ?? regions.Default!, cen, owner))
            : new InvalidCommand(
                [
                    new(Texts.Word, form.Verb),
                    .. cen is null ? [] : new[] { new Phrase(WordCen, cen) },
                    .. owner is null ? [] : new[] { new Phrase(WordOwner, owner) },
                    .. region is null ? [] : new[] { new Phrase(WordRegion, region) },
                ],
                errors,
                form.Syntax);

        void Set<T>(ref T? value, T given, Text name)
        {
            if (value is not null && !value.Equals(given))
            {
                errors.Add(new Phrase(MoreThanOne, name));
            }

            value ??= given;
        }
    }
}
