namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message as Markdown of a DingTalk robot (https://open.dingtalk.com/document/robots/custom-robot-access). Which escapes DingTalk knows
/// is not documented, so what would be markup is replaced by its full-width form; <c>at</c> says that nobody is mentioned.
/// </summary>
internal static class DingTalkFormat
{
    private const string Markup = "\\`*_{}[]()#+!|<>~@&=";

    /// <summary>How far the full-width form of a character is from it, for all that is visible in ASCII.</summary>
    private const int FullWidth = 0xFEE0;

    /// <param name="message">What to say.</param>
    public static JsonObject Payload(Message message) => new()
    {
        ["msgtype"] = "markdown",
        ["markdown"] = new JsonObject { ["title"] = Literal(message.Headline), ["text"] = Text(message) },
        ["at"] = new JsonObject
        {
            ["atMobiles"] = new JsonArray(),
            ["atUserIds"] = new JsonArray(),
            ["isAtAll"] = false,
        },
    };

    private static string Text(Message message)
    {
        var paragraphs = new List<string> { $"### {Literal(message.Headline)}" };
        paragraphs.AddRange(message.Lines.Select(Literal));
        paragraphs.AddRange(message.Items.Select(Item));
        if (message.Footer is { } footer)
        {
            paragraphs.Add(Literal(footer));
        }

        return string.Join("\n\n", paragraphs);
    }

    private static string Item(MessageItem item)
    {
        var lines = new List<string> { $"**{Literal(item.Title)}**" };
        lines.AddRange(item.Facts.Select(fact => $"{Literal(fact.Label)}: {Literal(fact.Value)}"));
        if (item.Command is { } command)
        {
            lines.Add($"{Literal(command.Label)}: **{Literal(command.Text)}**");
        }

        return string.Join("  \n", lines);
    }

    /// <summary>A hyphen or a digit at the beginning would begin a list; something that is not seen keeps it from that.</summary>
    internal static string Literal(string text)
    {
        var literal = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            literal.Append(Markup.Contains(c, StringComparison.Ordinal) ? (char)(c + FullWidth) : c is '\n' or '\r' ? ' ' : c);
        }

        return literal.Length > 0 && (literal[0] is '-' || char.IsAsciiDigit(literal[0])) ? $"\u200B{literal}" : literal.ToString();
    }
}
