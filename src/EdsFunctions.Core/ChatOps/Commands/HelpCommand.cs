using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Lists the commands.</summary>
internal sealed record HelpCommand() : ChatCommand("Help")
{
    private static readonly Text Headline = new("What I can do", "可用命令");
    private static readonly Text Reference = new(
        "A reference may be shortened as long as it is unambiguous.", "编号可缩写，只要不产生歧义。");
    private static readonly Text Public = new(
        "Add public at the end to show a slash command's reply to the whole channel.", "在斜杠命令末尾加 public，答复会向整个频道显示。");

    public static CommandForm Form { get; } = new(
        "help", new Text("{0}: this", "{0}：本帮助"), (_, _, _) => new HelpCommand());

    public override Task<Message> RunAsync(CommandContext context) => Task.FromResult(new Message(
        context.Localizer[Headline],
        [
            .. ChatCommands.All.Select(command => context.Localizer[command.Help, command.Syntax]),
            context.Localizer[Reference],
            context.Localizer[Public],
        ]));
}
