using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Checks a code and a CIDR block.</summary>
internal sealed record CheckCommand(VerificationRef Ref, CidrBlock CidrBlock, VerifyCode Code)
    : ChatCommand("Check", Changes: true, HoldsCode: true)
{
    private static readonly Text BadCidr = new(
        "word {0} is not an IPv4 CIDR block such as 192.168.1.0/24", "第 {0} 个词不是 IPv4 网段（例如 192.168.1.0/24）");
    private static readonly Text TooManyChecks = new(
        "Too many checks; nothing was done", "检查次数过多，未执行任何操作");
    private static readonly Text FreeBlocks = new("Free CIDR blocks: {0}", "可用网段：{0}");
    private static readonly Text ConflictsWith = new("Overlaps with {0} ({1})", "与 {0}（{1}）冲突");

    public static CommandForm Form { get; } = new(
        "check <ref> <cidr> <code>",
        new Text("{0}: check the code and the CIDR block", "{0}：检查验证码和网段"),
        CommandForm.ParseRefValueCode(
            CidrBlock.Parse, BadCidr, (reference, block, code) => new CheckCommand(reference, block, code)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, async found =>
    {
        var texts = context.Localizer;
        var result = await context.Services.Check.RunAsync(
            new(found.Id, CidrBlock, Code), context.Key, CancellationToken.None);
        await CodeUse.SaveForRepeatsAsync(result, context);
        return result switch
        {
            CodeUseResult.Checked { Check: var check } done => context.ReplyAbout(
                texts.Status(check.Status),
                done.Verification,
                [
                    .. check.FreeCidrBlocks is { Count: > 0 } free
                        ? [texts[FreeBlocks, string.Join(texts[Texts.Separator], free)]]
                        : Array.Empty<string>(),
                    .. check.Routes.Select(route => texts[
                        ConflictsWith, route.DestinationCidrBlock, PlainText.Sanitize(route.NextHopInstanceId ?? "-")]),
                ]),
            CodeUseResult.TooManyChecks checks => context.ReplyAbout(
                texts[TooManyChecks], checks.Verification, context.TryAgainIn(checks.RetryAfter)),
            _ => CodeUse.Reply(result, isCheck: true, context),
        };
    });
}
