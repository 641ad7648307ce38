using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Closes a verification as completed or cancelled.</summary>
internal sealed record CloseCommand(VerificationRef Ref, VerificationState State) : ChatCommand("Close", Changes: true)
{
    private static readonly Text Completed = new("{0} marked {1} as completed", "{0} 已将 {1} 标记为完成");
    private static readonly Text Cancelled = new("{0} cancelled {1}", "{0} 已取消 {1}");
    private static readonly Text InProgress = new(
        "A code for {0} is being sent, or the CEN is being attached; nothing was done",
        "正在发送 {0} 的验证码或绑定云企业网，未执行任何操作");

    public static CommandForm DoneForm { get; } = new(
        "done <ref>",
        new Text("{0}: close a verification whose code was used", "{0}：关闭验证（验证码已使用）"),
        CommandForm.ParseRef(reference => new CloseCommand(reference, VerificationState.Completed)));

    public static CommandForm CancelForm { get; } = new(
        "cancel <ref>",
        new Text("{0}: close a verification that is no longer needed", "{0}：关闭验证（不再需要）"),
        CommandForm.ParseRef(reference => new CloseCommand(reference, VerificationState.Cancelled)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, async found =>
    {
        var texts = context.Localizer;
        var result = await context.Services.Close.RunAsync(
            new(found.Id, State, context.Caller), context.Key, CancellationToken.None);
        return result switch
        {
            CloseVerification.Result.Closed closed => context.ReplyAbout(
                texts[State == VerificationState.Completed ? Completed : Cancelled, context.Caller, found.Ref],
                closed.Verification),
            CloseVerification.Result.AlreadyClosed closed => context.ReplyAlreadyClosed(closed.Verification),
            CloseVerification.Result.Repeated { Repeat.Verification: { } repeated } => context.ReplyRepeated(repeated),
            CloseVerification.Result.InProgress inProgress => context.ReplyAbout(
                texts[InProgress, texts.Cen(found.Target)], inProgress.Verification),
            _ => new Message(texts[Texts.NoSuchVerification]),
        };
    });
}
