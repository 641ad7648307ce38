namespace EdsFunctions.Core.Messages;

/// <summary>Replaces ASCII characters with their full-width forms, which look alike and are not markup.</summary>
internal static class FullWidth
{
    /// <summary>The distance between the code points of an ASCII character and its full-width form.</summary>
    private const int Distance = 0xFEE0;

    /// <param name="text">Text that a user may have written.</param>
    /// <param name="characters">
    /// The ASCII characters to replace. If a line break is one of them, it becomes a space.
    /// </param>
    public static string Replace(string text, string characters) => string.Concat(text.Select(
        c => characters.Contains(c, StringComparison.Ordinal) ? (char)(c + Distance) : c is '\n' or '\r' ? ' ' : c));

    /// <param name="c">The full-width form of an ASCII character, from U+FF01 to U+FF5E.</param>
    public static char ToAscii(char c) => (char)(c - Distance);
}
