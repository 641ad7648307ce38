using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Shows one verification.</summary>
internal sealed record ShowCommand(VerificationRef Ref) : ChatCommand("Show")
{
    private static readonly Text Headline = new("Verification {0}", "验证 {0}");

    public static CommandForm Form { get; } = new(
        "show <ref>",
        new Text("{0}: show a verification", "{0}：查看验证详情"),
        CommandForm.ParseRef(reference => new ShowCommand(reference)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, found =>
        Task.FromResult(context.About(context.Localizer[Headline, found.Ref], found)));
}
