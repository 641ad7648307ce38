namespace EdsFunctions.Core.Messages;

/// <summary>Replaces ASCII characters by their full-width forms, which look alike and mean nothing to a platform.</summary>
internal static class FullWidth
{
    /// <summary>The distance of an ASCII character to its full-width form.</summary>
    private const int Distance = 0xFEE0;

    /// <param name="text">Text that a user may have written.</param>
    /// <param name="characters">What is replaced. A line break becomes a space.</param>
    public static string Replace(string text, string characters) => string.Concat(text.Select(
        c => characters.Contains(c, StringComparison.Ordinal) ? (char)(c + Distance) : c is '\n' or '\r' ? ' ' : c));

    /// <param name="c">A full-width form, from U+FF01 to U+FF5E.</param>
    public static char ToAscii(char c) => (char)(c - Distance);
}
