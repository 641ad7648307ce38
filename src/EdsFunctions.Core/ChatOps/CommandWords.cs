using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Splits a command into words. Accepts typographic quotes and hyphens of chat clients, full-width characters of input
/// methods, and invisible characters in pasted text.
/// </summary>
internal static class CommandWords
{
    private const string Punctuation = ".,;:!?";

    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        char? quote = null;
        var quoted = false;
        foreach (var c in text.Select(Normalize))
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
            else if (c != Ignored)
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

    private const char Ignored = '\0';

    /// <summary>Maps a character to its ASCII equivalent, if it has one.</summary>
    private static char Normalize(char c) => c switch
    {
        '“' or '”' or '„' or '‟' or '«' or '»' or '「' or '」' or '『' or '』' or '＂' => '"',
        '‘' or '’' or '‚' or '‛' or '‹' or '›' or '＇' or '`' => '\'',
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' or '－' => '-',
        '。' or '．' or '｡' => '.',
        '，' or '、' or '､' => ',',
        '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD' or '\u200E' or '\u200F' => Ignored,
        >= '！' and <= '～' => FullWidth.ToAscii(c),
        _ when char.IsWhiteSpace(c) || char.IsControl(c) => ' ',
        _ => c,
    };
}
