using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Texts and rules shared by the commands <c>check</c> and <c>attach</c>.</summary>
internal static class CodeUse
{
    /// <summary>The response that is stored under the key of a delivery, to mark the delivery as completed.</summary>
    private const string Delivered = "delivered";

    private static readonly Text InProgress = new(
        "A code is being sent, or the CEN is being attached; nothing was done", "正在发送验证码或绑定云企业网，未执行任何操作");
    private static readonly Text WithoutCen = new(
        "The verification has no CEN; nothing was done", "该验证未指定云企业网，未执行任何操作");
    private static readonly Text Unknown = new(
        "Outcome unknown: no clear response from Alibaba Cloud", "结果未知：未收到阿里云的明确响应");
    private static readonly Text UnknownCheckHint = new(
        "Alibaba Cloud may have counted the attempt.", "阿里云可能已计入一次尝试。");
    private static readonly Text UnknownAttachHint = new(
        "If you repeat the command, the app first checks whether the CEN is attached.",
        "再次执行时，应用会先查询云企业网是否已绑定。");
    private static readonly Text Rejected = new(
        "Alibaba Cloud rejected the request; nothing was done", "阿里云拒绝了请求，未执行任何操作");
    private static readonly Text MissingPermission = new(
        "The RAM user of the access key lacks the permission {0}.", "AccessKey 所属的 RAM 用户缺少权限 {0}。");
    private static readonly Text NotSent = new(
        "The request did not reach Alibaba Cloud; nothing was done", "请求未到达阿里云，未执行任何操作");

    /// <summary>
    /// Marks the delivery as completed, so that a repeat does nothing. Does not store the reply: the reply to a repeat
    /// is made from the record of the verification.
    /// </summary>
    public static Task SaveForRepeatsAsync(CodeUseResult result, CommandContext context) => result.IsFinal
        ? context.Services.Repeats.SaveResponseAsync(context.Key, Delivered)
        : Task.CompletedTask;

    /// <summary>The reply to a result that both <c>check</c> and <c>attach</c> can have.</summary>
    public static Message Reply(CodeUseResult result, bool isCheck, CommandContext context)
    {
        var texts = context.Localizer;
        return result switch
        {
            CodeUseResult.AlreadyClosed closed => context.ReplyAlreadyClosed(closed.Verification),
            CodeUseResult.InProgress { Verification: var busy } => context.ReplyAbout(texts[InProgress], busy),
            CodeUseResult.Repeated { Repeat.Verification: { } repeated } => context.ReplyRepeated(repeated),
            CodeUseResult.WithoutCen without => context.ReplyAbout(texts[WithoutCen], without.Verification),
            CodeUseResult.Failed { Verification: var verification } failed => failed.Failure.Match(
                rejected => ReplyRejected(
                    rejected.Error, verification, isCheck ? VerifyCen.RamAction : AttachCen.RamAction, context),
                notSent => context.ReplyAbout(texts[NotSent], verification, texts[Texts.TryAgainLater]),
                unknown => context.ReplyAbout(
                    texts[Unknown], verification, texts[isCheck ? UnknownCheckHint : UnknownAttachHint])),
            _ => new Message(texts[Texts.NoSuchVerification]),
        };
    }

    private static Message ReplyRejected(
        EcdError error, Verification verification, string ramAction, CommandContext context)
    {
        var texts = context.Localizer;
        var headline = CenCheck.StatusFromName(error.Code) is not CenCheckStatus.Other and var status
            ? texts.Status(status)
            : texts[Rejected];
        return error.Kind == EcdErrorKind.Permission
            ? context.ReplyAbout(
                headline,
                verification,
                context.DescribeError(error),
                texts[MissingPermission, PlainText.Sanitize(error.MissingAction ?? ramAction)])
            : context.ReplyAbout(headline, verification, context.DescribeError(error));
    }
}
