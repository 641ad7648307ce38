namespace EdsFunctions.Core.Messages;

/// <summary>
/// What is said in a chat, before it has any platform's form. All of it is plain text: whatever looks like markup, a link or a mention
/// in it is to be read as it stands, and each format sees to that.
/// </summary>
/// <param name="Headline">The gist, in one line.</param>
/// <param name="Lines">What else is to be said, a line each.</param>
/// <param name="Items">Verifications that it is about.</param>
/// <param name="Footer">What is said last; null for nothing.</param>
public sealed record Message(string Headline, IReadOnlyList<string> Lines, IReadOnlyList<MessageItem> Items, string? Footer = null)
{
    /// <summary>A message of some lines.</summary>
    public Message(string headline, params IReadOnlyList<string> lines)
        : this(headline, lines, [])
    {
    }
}

/// <summary>One verification in a message.</summary>
/// <param name="Title">What it is.</param>
/// <param name="Facts">What there is to know of it.</param>
/// <param name="Command">What to type to close it; null where there is nothing to close.</param>
public sealed record MessageItem(string Title, IReadOnlyList<Fact> Facts, MessageCommand? Command = null);

/// <summary>One thing to know.</summary>
public sealed record Fact(string Label, string Value);

/// <summary>A command to be typed.</summary>
/// <param name="Label">What it does.</param>
/// <param name="Text">What to type.</param>
public sealed record MessageCommand(string Label, string Text);
