using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Attaches the CEN to an office network.</summary>
internal sealed record AttachCommand(VerificationRef Ref, OfficeSiteId OfficeSiteId, VerifyCode Code)
    : ChatCommand("Attach", Changes: true, HoldsCode: true)
{
    private static readonly Text BadOfficeSite = new("word {0} is not an office network ID", "第 {0} 个词不是办公网络 ID");
    private static readonly Text Attached = new("{0} is attached to {1}, by {2}", "{0} 已绑定到 {1}，操作人：{2}");
    private static readonly Text Accepted = new(
        "Alibaba Cloud accepted the attachment of {0} but does not list it yet",
        "阿里云已接受 {0} 的绑定请求，但尚未显示为已绑定");

    public static CommandForm Form { get; } = new(
        "attach <ref> <office-network> <code>",
        new Text(
            "{0}: attach the CEN to an office network and close the verification", "{0}：将云企业网绑定到办公网络并关闭验证"),
        CommandForm.ParseRefValueCode(
            OfficeSiteId.Parse, BadOfficeSite, (reference, site, code) => new AttachCommand(reference, site, code)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, async found =>
    {
        var texts = context.Localizer;
        var result = await context.Services.Attach.RunAsync(
            new(found.Id, OfficeSiteId, Code, context.Caller), context.Key, CancellationToken.None);
        await CodeUse.SaveForRepeatsAsync(result, context);
        return result switch
        {
            CodeUseResult.Attached { Verification: var done } => context.ReplyAbout(
                texts[Attached, texts.Cen(found.Target), done.OfficeSiteId, done.ClosedBy ?? "-"], done),
            CodeUseResult.Accepted { Verification: var accepted } => context.ReplyAbout(
                texts[Accepted, texts.Cen(found.Target)], accepted, texts[Texts.TypeShow, accepted.Ref]),
            _ => CodeUse.Reply(result, isCheck: false, context),
        };
    });
}
