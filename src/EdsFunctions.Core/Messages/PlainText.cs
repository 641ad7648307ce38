namespace EdsFunctions.Core.Messages;

/// <summary>
/// Sanitizes a text from a user for a message. The result is one line of limited length, without invisible characters
/// and without characters that change the writing direction.
/// </summary>
internal static class PlainText
{
    private const char Cut = '…';

    /// <param name="text">Any text.</param>
    /// <param name="maxLength">Longer text is cut here.</param>
    public static string Sanitize(string text, int maxLength = 120)
    {
        var line = new StringBuilder(Math.Min(text.Length, maxLength + 1));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > maxLength)
            {
                return line.Append(Cut).ToString();
            }

            switch (Rune.GetUnicodeCategory(rune))
            {
                case UnicodeCategory.Control or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator:
                    // Several spaces become one space: many of them would push text out of sight.
                    if (line.Length > 0 && line[^1] != ' ')
                    {
                        line.Append(' ');
                    }

                    break;
                case UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned:
                    break;
                default:
                    line.Append(rune.ToString());
                    break;
            }
        }

        return line.ToString().TrimEnd();
    }
}
