namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message before it has the form of a platform. All of it is plain text: what looks like markup, a link or a mention is shown
/// literally, which each format ensures.
/// </summary>
/// <param name="Headline">The gist, in one line.</param>
/// <param name="Lines">More text, a line each.</param>
/// <param name="Items">The verifications that it is about.</param>
/// <param name="Footer">The last line; null for none.</param>
public sealed record Message(string Headline, IReadOnlyList<string> Lines, IReadOnlyList<MessageItem> Items, string? Footer = null)
{
    /// <summary>A message of some lines.</summary>
    public Message(string headline, params IReadOnlyList<string> lines)
        : this(headline, lines, [])
    {
    }
}

/// <summary>One verification in a message.</summary>
/// <param name="Title">Which one.</param>
/// <param name="Facts">What is known of it.</param>
public sealed record MessageItem(string Title, IReadOnlyList<Fact> Facts);

/// <summary>A line of an item.</summary>
/// <param name="Label">What it is, or, of a command, what it does.</param>
/// <param name="Value">The value.</param>
/// <param name="IsCommand">Whether the value is a command to be typed.</param>
public sealed record Fact(string Label, string Value, bool IsCommand = false);
