using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.DingTalk;

/// <summary>
/// Formats a message as Markdown for a DingTalk robot (https://open.dingtalk.com/document/robots/custom-robot-access).
/// DingTalk documents no way to escape markup, so full-width characters replace the markup. The field <c>at</c> is set
/// so that the message mentions no user.
/// </summary>
internal static class DingTalkFormat
{
    private const string Markup = "\\`*_{}[]()#+!|<>~@&=";

    public static JsonObject Payload(Message message) => new()
    {
        ["msgtype"] = "markdown",
        ["markdown"] = new JsonObject
        {
            ["title"] = Literal(message.Headline),
            ["text"] = string.Join("\n\n", Paragraphs(message)),
        },
        ["at"] = new JsonObject
        {
            ["atMobiles"] = new JsonArray(),
            ["atUserIds"] = new JsonArray(),
            ["isAtAll"] = false,
        },
    };

    private static IEnumerable<string> Paragraphs(Message message) =>
    [
        $"### {Literal(message.Headline)}",
        .. message.Lines.Select(Literal),
        .. message.Items.Select(item =>
            string.Join("  \n", item.Facts.Select(Line).Prepend($"**{Literal(item.Title)}**"))),
        .. message.Footer is { } footer ? [Literal(footer)] : Array.Empty<string>(),
    ];

    private static string Line(Fact fact) => fact.IsCommand
        ? $"{Literal(fact.Label)}**{Literal(fact.Value)}**"
        : $"{Literal(fact.Label)}{Literal(fact.Value)}";

    /// <summary>
    /// Makes DingTalk show a text literally. A hyphen or a digit at the start would begin a list, so an invisible
    /// character precedes it.
    /// </summary>
    private static string Literal(string text)
    {
        var literal = FullWidth.Replace(text, Markup);
        return literal is ['-' or (>= '0' and <= '9'), ..] ? $"\u200B{literal}" : literal;
    }
}
