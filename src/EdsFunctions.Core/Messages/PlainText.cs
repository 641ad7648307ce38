namespace EdsFunctions.Core.Messages;

/// <summary>
/// Text of a user's that becomes part of a message: one line, bounded, well-formed, and without the characters that turn the direction
/// of what stands around them or cannot be seen.
/// </summary>
internal static class PlainText
{
    private const char Cut = '…';

    /// <param name="text">Whatever came.</param>
    /// <param name="maxLength">How many characters of it are shown.</param>
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
                    // Several are one, so that nothing is pushed out of sight.
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
