using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps.Commands;

/// <summary>Text that is not a valid command. The reply repeats what was understood only: the rest may be a code.</summary>
/// <param name="Understood">What was understood.</param>
/// <param name="Wrong">What is wrong.</param>
/// <param name="Syntax">The correct syntax; null for that of every command.</param>
internal sealed record InvalidCommand(IReadOnlyList<Phrase> Understood, IReadOnlyList<Phrase> Wrong, string? Syntax)
    : ChatCommand("Mistake")
{
    public override Task<Message> RunAsync(CommandContext context)
    {
        var texts = context.Localizer;
        string Join(IReadOnlyList<Phrase> phrases) =>
            phrases.Count == 0 ? texts[Texts.Nothing] : string.Join(", ", phrases.Select(phrase => phrase.In(texts)));
        return Task.FromResult(new Message(
            texts[Texts.Mistake],
            texts[Texts.Understood, Join(Understood)],
            texts[Texts.Wrong, Join(Wrong)],
            texts[Texts.Right, Syntax ?? string.Join(" | ", ChatCommands.All.Select(command => command.Syntax))]));
    }
}
