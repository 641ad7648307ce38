using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Lists the commands.</summary>
internal sealed record HelpCommand() : ChatCommand("Help")
{
    private static readonly Text Headline = new("Commands", "可用命令");
    private static readonly Text Reference = new(
        "A reference may be shortened as long as it is unambiguous.", "编号可以缩写，只要不产生歧义。");
    private static readonly Text Public = new(
        "End a slash command with the word \"public\" to show the reply to the whole channel.",
        "在斜杠命令末尾加上 public，回复将对整个频道可见。");

    public static CommandForm Form { get; } = new(
        "help", new Text("{0}: show this help", "{0}：显示本帮助"), (_, _, _) => new HelpCommand());

    public override Task<Message> RunAsync(CommandContext context) => Task.FromResult(new Message(
        context.Localizer[Headline],
        [
            .. ChatCommands.All.Select(command => context.Localizer[command.Help, command.Syntax]),
            context.Localizer[Reference],
            context.Localizer[Public],
        ]));
}
