using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>What the commands that use a code have in common.</summary>
internal static class CodeUse
{
    /// <summary>The stored response to a delivery.</summary>
    private const string Delivered = "delivered";

    private static readonly Text InProgress = new(
        "A code is being sent, or the CEN is being attached; nothing was done", "正在发送验证码或绑定 CEN，未执行任何操作");
    private static readonly Text WithoutCen = new(
        "The verification names no CEN; nothing was done", "该验证未指定 CEN，未执行任何操作");
    private static readonly Text Unknown = new("It is not known whether Alibaba did it", "无法确认阿里云是否已执行");
    private static readonly Text UnknownHint = new(
        "Asked again, the app looks first whether the CEN is attached.", "再次请求时会先查询是否已绑定。");
    private static readonly Text Refused = new("Alibaba refused; nothing was done", "阿里云已拒绝，未执行任何操作");
    private static readonly Text MissingPermission = new(
        "The RAM user of the access key lacks the permission {0}.", "访问密钥的 RAM 用户缺少权限 {0}。");
    private static readonly Text NotDone = new("It was not done", "未执行");

    /// <summary>
    /// Stores that a final result was given. The reply to a repeated delivery shows the record, so no more is stored.
    /// </summary>
    public static Task SaveForRepeatsAsync(AttachToOfficeSite.Result result, CommandContext context) => result.IsFinal
        ? context.Services.Repeats.SaveResponseAsync(context.Key, Delivered)
        : Task.CompletedTask;

    /// <summary>The reply to a result that both commands can have.</summary>
    public static Message Reply(AttachToOfficeSite.Result result, string ramAction, CommandContext context)
    {
        var texts = context.Localizer;
        return result switch
        {
            AttachToOfficeSite.Result.AlreadyClosed closed => context.AlreadyClosed(closed.Verification),
            AttachToOfficeSite.Result.InProgress inProgress => context.About(texts[InProgress], inProgress.Verification),
            AttachToOfficeSite.Result.Repeated { Repeat.Verification: { } repeated } => context.Repeated(repeated),
            AttachToOfficeSite.Result.WithoutCen without => context.About(texts[WithoutCen], without.Verification),
            AttachToOfficeSite.Result.Failed { Verification: var verification } failed => failed.Failure.Match(
                rejected => ReplyRejected(rejected.Error, verification, ramAction, context),
                notSent => context.About(texts[NotDone], verification, texts[Texts.AskAgainLater]),
                unknown => context.About(texts[Unknown], verification, texts[UnknownHint])),
            _ => new Message(texts[Texts.NoSuchVerification]),
        };
    }

    private static Message ReplyRejected(
        EcdError error, Verification verification, string ramAction, CommandContext context)
    {
        var texts = context.Localizer;
        var headline = CenCheck.StatusFromName(error.Code) is not CenCheckStatus.Other and var status
            ? texts.Status(status)
            : texts[Refused];
        return error.Kind == EcdErrorKind.Permission
            ? context.About(
                headline,
                verification,
                context.Refusal(error),
                texts[MissingPermission, PlainText.Sanitize(error.MissingAction ?? ramAction)])
            : context.About(headline, verification, context.Refusal(error));
    }
}
