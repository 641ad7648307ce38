using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Teams;

/// <summary>
/// Formats a message as an Adaptive Card 1.4 for Teams: for a Workflows URL, and for the reply to an outgoing webhook.
/// Every text is a TextRun, which supports no Markdown (https://adaptivecards.io/explorer/TextRun.html). A mention
/// would need an entity, and the card has no entities.
/// </summary>
internal static class TeamsFormat
{
    public static JsonObject Payload(Message message) => new()
    {
        ["type"] = "message",
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = "application/vnd.microsoft.card.adaptive",
            ["content"] = new JsonObject
            {
                ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                ["type"] = "AdaptiveCard",
                ["version"] = "1.4",
                ["msteams"] = new JsonObject { ["width"] = "Full" },
                ["body"] = new JsonArray([.. Body(message)]),
            },
        }),
    };

    private static IEnumerable<JsonNode> Body(Message message) =>
    [
        Block(Run(message.Headline, ("weight", "Bolder"), ("size", "Medium"))),
        .. message.Lines.Select(line => Block(Run(line))),
        .. message.Items.Select(Item),
        .. message.Footer is { } footer ? [Block(Run(footer, ("isSubtle", true)))] : Array.Empty<JsonNode>(),
    ];

    private static JsonObject Item(MessageItem item) => new()
    {
        ["type"] = "Container",
        ["separator"] = true,
        ["items"] = new JsonArray([Block(Run(item.Title, ("weight", "Bolder"))), .. item.Facts.Select(Line)]),
    };

    private static JsonObject Line(Fact fact)
    {
        var value = fact.IsCommand ? Run(fact.Value, ("fontType", "Monospace")) : Run(fact.Value);
        var block = Block(Run(fact.Label, ("isSubtle", true)), value);
        block["spacing"] = "None";
        return block;
    }

    private static JsonObject Block(params JsonNode[] runs) =>
        new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    private static JsonObject Run(string text, params (string Name, JsonNode Value)[] style)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = Literal(text) };
        foreach (var (name, value) in style)
        {
            run[name] = value;
        }

        return run;
    }

    /// <summary>
    /// Makes Teams show a text literally. Two braces would begin a date function, so a space separates them. If the
    /// text has three braces, the second replacement separates the last two.
    /// </summary>
    private static string Literal(string text) => text.Replace("{{", "{ {").Replace("{{", "{ {");
}
