using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Parses a typed command. The first word selects the command, whose <see cref="CommandForm"/> parses the other words.
/// </summary>
internal static class CommandParser
{
    private const int MaxLength = 500;

    /// <summary>If the last word of a command is this word, the whole channel sees the reply.</summary>
    private const string Public = "public";

    /// <param name="text">The typed text without the platform's markup; null for a message without text.</param>
    /// <param name="defaultRegion">
    /// The region of a command that names no region; null if every command must name a region.
    /// </param>
    /// <param name="regions">The regions where ECD is served.</param>
    /// <returns>The command, and whether the whole channel sees the reply.</returns>
    public static (ChatCommand Command, bool IsPublic) Parse(string? text, string? defaultRegion, Regions regions)
    {
        if (text is null)
        {
            return (new InvalidCommand([], [new Phrase(Texts.NoText)], Syntax: null), false);
        }

        if (text.Length > MaxLength)
        {
            return (new InvalidCommand([], [new Phrase(Texts.TooLong)], Syntax: null), false);
        }

        var words = CommandWords.Split(CommandLink.ReplaceMarkdown(text)).ToList();
        var isPublic = words.Count > 1 && words[^1].Equals(Public, StringComparison.OrdinalIgnoreCase);
        if (isPublic)
        {
            words.RemoveAt(words.Count - 1);
        }

        return (Parse(words, new RegionChoice(defaultRegion, regions)), isPublic);
    }

    /// <summary>Whether a word is the first word of a command.</summary>
    public static bool IsVerb(string word) => FindForm(word) is not null;

    private static ChatCommand Parse(List<string> words, RegionChoice regions)
    {
        if (words.Count == 0)
        {
            return new HelpCommand();
        }

        return FindForm(words[0]) is { } form
            ? form.Parse(form, words[1..], regions)
            : new InvalidCommand([], [UnknownVerb(ToVerb(words[0]))], Syntax: null);
    }

    private static CommandForm? FindForm(string word) =>
        ChatCommands.All.FirstOrDefault(known => known.Verb == ToVerb(word));

    private static string ToVerb(string word) => word.TrimStart('/').ToLowerInvariant();

    /// <summary>
    /// The error for an unknown first word. Repeats the word only if all its characters are letters: any other word may
    /// be a code or an account ID.
    /// </summary>
    private static Phrase UnknownVerb(string verb)
    {
        const int MaxShown = 20;
        var nearest = ChatCommands.All.Select(known => known.Verb).MinBy(known => Distance(known, verb))!;
        return verb.Length <= MaxShown && verb.All(char.IsAsciiLetter)
            ? new Phrase(Texts.UnknownVerb, verb, nearest)
            : new Phrase(Texts.UnknownVerbUnnamed, nearest);
    }

    /// <summary>The Levenshtein distance of two words: the number of letters to change, add or remove.</summary>
    private static int Distance(string from, string to)
    {
        var previous = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var current = new int[to.Length + 1];
            current[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = previous[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(substituted, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
