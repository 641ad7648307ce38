using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Sends a code.</summary>
internal sealed record SendCodeCommand(CenTarget Target) : ChatCommand("Send", Changes: true)
{
    /// <summary>Account ids have 16 digits. A shorter number may be a code, which must not go to Alibaba as an id.</summary>
    private const int MinOwnerDigits = 10;

    internal static readonly Text MissingRegion = new("the region is missing, and there is no default", "缺少地域，且没有默认地域");
    private static readonly Text MissingCen = new("the CEN is missing", "缺少 CEN");
    private static readonly Text UnknownWord = new(
        "word {0} is neither a CEN, an account id nor a region", "第 {0} 个词既不是 CEN，也不是账号 ID 或地域");
    private static readonly Text TwiceGiven = new("there is more than one {0}", "{0} 出现了多次");
    private static readonly Text NameCen = new("CEN", "CEN");
    private static readonly Text NameOwner = new("account id", "账号 ID");
    private static readonly Text NameRegion = new("region", "地域");
    private static readonly Text WordCen = new("CEN {0}", "CEN {0}");
    private static readonly Text WordOwner = new("owner {0}", "所有者 {0}");
    private static readonly Text WordRegion = new("region {0}", "地域 {0}");

    private static readonly Text Sent = new("A code is on its way to the owner of {0}", "验证码正发往 {0} 的所有者");
    private static readonly Text SentAnew = new("Another code is on its way to the owner of {0}", "已向 {0} 的所有者重新发送验证码");
    private static readonly Text AskedBy = new("Asked by {0}. Reference: {1}", "发起人：{0}。编号：{1}");
    private static readonly Text SendInProgress = new(
        "A code for {0} is being sent; nothing was done", "{0} 的验证码正在发送，未执行任何操作");
    private static readonly Text TooSoon = new(
        "A code for {0} was sent a moment ago; nothing was done", "{0} 的验证码刚刚发送过，未执行任何操作");
    private static readonly Text AlreadyOpen = new(
        "A code for {0} was sent before, and its verification is open; nothing was done",
        "{0} 的验证码此前已发送，验证尚未关闭，未执行任何操作");
    private static readonly Text AskResend = new("To send it again: resend {0}", "如需重新发送：resend {0}");
    private static readonly Text OwnerLimit = new(
        "The owner of {0} got too many codes in the last hour; nothing was done",
        "{0} 的所有者一小时内收到的验证码过多，未执行任何操作");
    private static readonly Text Refused = new(
        "Alibaba refused the request for {0}; no code was sent", "阿里云拒绝了 {0} 的请求，验证码未发送");
    private static readonly Text Throttled = new(
        "Alibaba takes no more requests for now; no code was sent for {0}", "阿里云暂时限流，{0} 的验证码未发送");
    private static readonly Text NotSent = new(
        "The request for {0} did not reach Alibaba; no code was sent", "{0} 的请求未到达阿里云，验证码未发送");
    private static readonly Text OutcomeUnknown = new(
        "It is not known whether a code for {0} was sent", "无法确认 {0} 的验证码是否已发送");
    private static readonly Text NotSentAgain = new(
        "It is not sent again by itself. Ask the owner before you ask anew.", "不会自动重发。重新发送前请先询问所有者。");
    private static readonly Text DeliveryReused = new(
        "This delivery came before with another command; nothing was done", "该消息曾以其他命令送达，未执行任何操作");

    public static CommandForm Form { get; } = new(
        "send <cen> [owner] [region]",
        new Text("{0}: ask for a code to be e-mailed to the owner of the CEN", "{0}：请求向 CEN 所有者邮寄验证码"),
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
            SendVerification.Result.AlreadyOpen { Open: var open } => context.About(
                texts[AlreadyOpen, cen], open, texts[AskResend, open.Ref]),
            SendVerification.Result.InProgress inProgress => context.About(texts[SendInProgress, cen], inProgress.Open),
            SendVerification.Result.TooSoon { Verification: { } last } tooSoon => context.About(
                texts[TooSoon, cen], last, context.TryAgainIn(tooSoon.RetryAfter)),
            SendVerification.Result.TooSoon { RetryAfter: var wait } =>
                new Message(texts[TooSoon, cen], context.TryAgainIn(wait)),
            SendVerification.Result.OwnerLimit { RetryAfter: var wait } =>
                new Message(texts[OwnerLimit, cen], context.TryAgainIn(wait)),
            SendVerification.Result.NotFound => new Message(texts[Texts.NoSuchVerification]),
            SendVerification.Result.AlreadyClosed closed => context.AlreadyClosed(closed.Verification),
            SendVerification.Result.Repeated repeated => context.Repeated(repeated.Verification),
            _ => new Message(texts[DeliveryReused]),
        };
    }

    private static Message ReplySent(Verification sent, string cen, CommandContext context)
    {
        var texts = context.Localizer;
        return sent.LastFailure switch
        {
            null => context.About(
                texts[sent.SendCount == 1 ? Sent : SentAnew, cen], sent, texts[AskedBy, context.Caller, sent.Ref]),
            { Kind: SendFailureKind.Unknown } => context.About(texts[OutcomeUnknown, cen], sent, texts[NotSentAgain]),
            { Error: { Kind: EcdErrorKind.Throttled } error } => context.About(
                texts[Throttled, cen], sent, context.Refusal(error), texts[Texts.AskAgainLater]),
            { Error: { } error } => context.About(texts[Refused, cen], sent, context.Refusal(error)),
            _ => context.About(texts[NotSent, cen], sent, texts[Texts.AskAgainLater]),
        };
    }

    /// <summary>The words may be in any order: a CEN, an account id and a region look different.</summary>
    private static ChatCommand Parse(CommandForm form, IReadOnlyList<string> words, RegionChoice regions)
    {
        string? cen = null;
        string? region = null;
        AccountId? owner = null;
        var wrong = new List<Phrase>();
        for (var i = 0; i < words.Count; i++)
        {
            var word = words[i].ToLowerInvariant();
            if (ParseCen(word) is { Value: var id })
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
                wrong.Add(new Phrase(UnknownWord, i + 2));
            }
        }

        if (cen is null)
        {
            wrong.Add(new Phrase(MissingCen));
        }

        if (region is null && regions.Default is null)
        {
            wrong.Add(new Phrase(MissingRegion));
        }

        return wrong.Count == 0
            ? new SendCodeCommand(new CenTarget(region ?? regions.Default!, cen, owner))
            : new InvalidCommand(
                [
                    new(Texts.Word, form.Verb),
                    .. cen is null ? [] : new[] { new Phrase(WordCen, cen) },
                    .. owner is null ? [] : new[] { new Phrase(WordOwner, owner) },
                    .. region is null ? [] : new[] { new Phrase(WordRegion, region) },
                ],
                wrong,
                form.Syntax);

        void Set<T>(ref T? value, T given, Text name)
        {
            if (value is not null && !value.Equals(given))
            {
                wrong.Add(new Phrase(TwiceGiven, name));
            }

            value ??= given;
        }
    }

    /// <summary>Accepts a CEN id or a link that contains one.</summary>
    private static CenId? ParseCen(string word) =>
        (word.Contains("://", StringComparison.Ordinal) ? word.Split('/', '?', '=', '&', '#') : [word])
        .Select(CenId.Parse).FirstOrDefault(id => id is not null);
}
