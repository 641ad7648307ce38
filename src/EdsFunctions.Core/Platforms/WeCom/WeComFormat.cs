using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.WeCom;

/// <summary>
/// Formats a message as Markdown for a WeCom group robot (https://developer.work.weixin.qq.com/document/path/91770).
/// WeCom documents no way to escape markup, so full-width characters replace the markup and the mentions.
/// </summary>
internal static class WeComFormat
{
    private const string Markup = "\\`*_{}[]()#+!|<>~@&";

    public static JsonObject Payload(Message message) => new()
    {
        ["msgtype"] = "markdown",
        ["markdown"] = new JsonObject { ["content"] = string.Join('\n', Lines(message)) },
    };

    private static IEnumerable<string> Lines(Message message) =>
    [
        $"### {Literal(message.Headline)}",
        .. message.Lines.Select(Literal),
        .. message.Items.SelectMany(item => item.Facts.Select(Line).Prepend($"**{Literal(item.Title)}**")),
        .. message.Footer is { } footer ? [Literal(footer)] : Array.Empty<string>(),
    ];

    private static string Line(Fact fact) => fact.IsCommand
        ? $"> {Literal(fact.Label)}`{Literal(fact.Value)}`"
        : $"> {Literal(fact.Label)}{Literal(fact.Value)}";

    private static string Literal(string text) => FullWidth.Replace(text, Markup);
}
