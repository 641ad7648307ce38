using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Shows one verification.</summary>
internal sealed record ShowCommand(VerificationRef Ref) : ChatCommand("Show")
{
    private static readonly Text Headline = new("Verification {0}", "验证 {0}");

    private static readonly Text LateReply = new(
        "Result of the last check or attachment, {0} UTC:", "最近一次检查或绑定的结果（{0} UTC）：");

    public static CommandForm Form { get; } = new(
        "show <ref>",
        new Text("{0}: show a verification", "{0}：查看验证详情"),
        CommandForm.ParseRef(reference => new ShowCommand(reference)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, found =>
    {
        var texts = context.Localizer;
        string[] lines = found.LateReply is { } late
            ? [texts[LateReply, Localizer.Time(late.At)], .. late.Text.Split('\n')]
            : [];
        return Task.FromResult(context.ReplyAbout(texts[Headline, found.Ref], found, lines));
    });
}
