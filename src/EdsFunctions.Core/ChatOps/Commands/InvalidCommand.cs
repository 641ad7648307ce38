using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>
/// A text that is not a valid command. The reply repeats only the words that the parser understood, because the others
/// may be a code.
/// </summary>
/// <param name="Understood">The words that the parser understood.</param>
/// <param name="Errors">The validation errors.</param>
/// <param name="Syntax">The syntax of the command; null to show the syntax of every command.</param>
internal sealed record InvalidCommand(IReadOnlyList<Phrase> Understood, IReadOnlyList<Phrase> Errors, string? Syntax)
    : ChatCommand("Invalid")
{
    public override Task<Message> RunAsync(CommandContext context)
    {
        var texts = context.Localizer;
        string Join(IReadOnlyList<Phrase> phrases) => phrases.Count == 0
            ? texts[Texts.Nothing]
            : string.Join(texts[Texts.Separator], phrases.Select(phrase => phrase.Localize(texts)));
        return Task.FromResult(new Message(
            texts[Texts.InvalidCommand],
            texts[Texts.Understood, Join(Understood)],
            texts[Texts.Errors, Join(Errors)],
            texts[Texts.Usage, Syntax ?? string.Join(" | ", ChatCommands.All.Select(command => command.Syntax))]));
    }
}
