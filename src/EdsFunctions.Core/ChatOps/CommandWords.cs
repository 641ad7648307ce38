using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.ChatOps;

/// <summary>
/// Splits a command into words the way it was meant: chat clients turn quotes and hyphens into their typographic forms, input methods
/// type full-width characters, and what is pasted brings spaces along that are none.
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
        foreach (var c in text.Select(Plain))
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
            else if (c != Nothing)
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

    private const char Nothing = '\0';

    /// <summary>The character that was meant.</summary>
    private static char Plain(char c) => c switch
    {
        '“' or '”' or '„' or '‟' or '«' or '»' or '「' or '」' or '『' or '』' or '＂' => '"',
        '‘' or '’' or '‚' or '‛' or '‹' or '›' or '＇' or '`' => '\'',
        '‐' or '‑' or '‒' or '–' or '—' or '―' or '−' or '－' => '-',
        '。' or '．' or '｡' => '.',
        '，' or '、' or '､' => ',',
        '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD' or '\u200E' or '\u200F' => Nothing,
        >= '！' and <= '～' => FullWidth.ToAscii(c),
        _ when char.IsWhiteSpace(c) || char.IsControl(c) => ' ',
        _ => c,
    };
}
