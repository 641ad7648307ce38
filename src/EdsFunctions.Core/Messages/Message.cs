namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message in plain text, before it is formatted for a platform. If the text contains markup, links or mentions, each
/// format makes the platform show them literally.
/// </summary>
/// <param name="Headline">A summary in one line.</param>
/// <param name="Lines">Further lines.</param>
/// <param name="Items">The verifications that the message describes.</param>
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

/// <summary>A line about a verification: a label, followed by a value.</summary>
/// <param name="Label">The label, with its colon.</param>
/// <param name="Value">The value.</param>
/// <param name="IsCommand">Whether the value is a command to be typed.</param>
public sealed record Fact(string Label, string Value, bool IsCommand = false);
