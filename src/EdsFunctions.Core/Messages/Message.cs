namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message before it is formatted for a platform. It is plain text: each format shows markup, links and mentions in
/// it literally.
/// </summary>
/// <param name="Headline">A summary in one line.</param>
/// <param name="Lines">Further lines.</param>
/// <param name="Items">The verifications it is about.</param>
/// <param name="Footer">The last line; null for none.</param>
public sealed record Message(
    string Headline, IReadOnlyList<string> Lines, IReadOnlyList<MessageItem> Items, string? Footer = null)
{
    /// <summary>A message without items.</summary>
    public Message(string headline, params IReadOnlyList<string> lines)
        : this(headline, lines, [])
    {
    }
}

/// <summary>One verification in a message.</summary>
/// <param name="Title">Identifies the verification.</param>
/// <param name="Facts">Its details.</param>
public sealed record MessageItem(string Title, IReadOnlyList<Fact> Facts);

/// <summary>A line of an item, which is the label followed by the value.</summary>
/// <param name="Label">The label, with its colon.</param>
/// <param name="Value">The value.</param>
/// <param name="IsCommand">Whether the value is a command to be typed.</param>
public sealed record Fact(string Label, string Value, bool IsCommand = false);
