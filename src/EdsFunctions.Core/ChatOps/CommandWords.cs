using System.Text.RegularExpressions;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Splits the text of a command into words. Accepts typographic quotes and hyphens, which chat clients insert,
/// full-width characters, code fences, and invisible characters in pasted text. Leaves out quoted lines, which another
/// user may have written.
/// </summary>
internal static partial class CommandWords
{
    private const string Punctuation = ".,;:!?";

    /// <summary>The character that begins a quoted line in Slack and in Markdown.</summary>
    private const char QuotedLine = '>';

    /// <summary>The characters after which Slack shows the rest of the message as a quote.</summary>
    private const string QuotedRest = ">>>";

    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var quoted = false;
        foreach (var c in WithoutLanguageTag(RemoveInvisible(WithoutQuotedLines(text))).Select(Normalize))
        {
            if (c == quote)
            {
                quote = null;
            }
            else if (quote is null && c is '"' or '\'' && word.Length == 0)
            {
                (quote, quoted) = (c, true);
            }
            else if (quote is null && c is ' ' or ',')
            {
                End();
            }
            else
            {
                word.Append(c);
            }
        }

        End();
        return words;

        void End()
        {
            var ended = quoted ? word.ToString().Trim() : word.ToString().TrimEnd(Punctuation.ToCharArray());
            if (ended.Length > 0)
            {
                words.Add(ended);
            }

            word.Clear();
            quoted = false;
        }
    }

    /// <summary>Leaves out the quoted lines of a message.</summary>
    public static string WithoutQuotedLines(string text) => string.Join('\n', text
        .Split('\n', '\r')
        .TakeWhile(line => !line.TrimStart().StartsWith(QuotedRest, StringComparison.Ordinal))
        .Where(line => !line.TrimStart().StartsWith(QuotedLine)));

    /// <summary>
    /// Strips the language tag of a code fence around the command. If the word after the fence is the first word of a
    /// command, it is kept.
    /// </summary>
    private static string WithoutLanguageTag(string text) =>
        LanguageTag.Match(text) is { Success: true } match && !CommandParser.IsVerb(match.Groups["tag"].Value)
            ? text[match.Length..]
            : text;

    [GeneratedRegex(@"\A\s*```(?<tag>[^\s`]+)[^\S\n]*\n", RegexOptions.CultureInvariant)]
    private static partial Regex LanguageTag { get; }

    private static string RemoveInvisible(string text) =>
        string.Concat(text.EnumerateRunes().Where(rune => !IsInvisible(rune)).Select(rune => rune.ToString()));

    /// <summary>
    /// Whether a character is invisible. Lists the variation selectors, because Unicode puts them into the category of
    /// visible marks.
    /// </summary>
    private static bool IsInvisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Format => true,
        UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
        UnicodeCategory.NonSpacingMark => rune.Value
            is 0x034F or (>= 0x180B and <= 0x180F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0100 and <= 0xE01EF),
        // U+FFFC is the placeholder of an embedded object in copied text.
        _ => rune.Value is 0xFFFC,
    };

    /// <summary>Maps a character to its ASCII equivalent, if it has one.</summary>
    private static char Normalize(char c) => c switch
    {
        '“' or '”' or '„' or '‟' or '«' or '»' or '「' or '」' or '『' or '』' or '＂' => '"',
        '‘' or '’' or '‚' or '‛' or '‹' or '›' or '＇' => '\'',
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' or '－' => '-',
        '。' or '．' or '｡' => '.',
        '，' or '、' or '､' => ',',
        // Grave accents delimit code and code fences, so they separate words.
        '`' or '｀' => ' ',
        >= '！' and <= '～' => FullWidth.ToAscii(c),
        _ when char.IsWhiteSpace(c) => ' ',
        _ => c,
    };
}
