using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.DingTalk;

/// <summary>
/// A message as Markdown of a DingTalk robot (https://open.dingtalk.com/document/robots/custom-robot-access). DingTalk
/// documents no escapes, so markup is replaced with full-width characters. <c>at</c> mentions no one.
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

    /// <summary>A leading hyphen or digit would begin a list; an invisible character prevents that.</summary>
    private static string Literal(string text)
    {
        var literal = FullWidth.Replace(text, Markup);
        return literal is ['-' or (>= '0' and <= '9'), ..] ? $"\u200B{literal}" : literal;
    }
}
