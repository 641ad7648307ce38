using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Resends the code of an open verification.</summary>
internal sealed record ResendCodeCommand(VerificationRef Ref) : ChatCommand("Resend", Changes: true)
{
    public static CommandForm Form { get; } = new(
        "resend <ref>",
        new Text("{0}: resend the code", "{0}：重新发送验证码"),
        CommandForm.ParseRef(reference => new ResendCodeCommand(reference)));

    public override Task<Message> RunAsync(CommandContext context) => context.FindAsync(Ref, async found =>
        SendCodeCommand.Reply(
            await context.Services.Resend.RunAsync(
                new(found.Id, context.Caller), context.Key, CancellationToken.None, context.Recorded),
            found.Target,
            context));
}
