namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message as an Adaptive Card 1.4 in an activity, for a Workflows URL and for the reply to an outgoing webhook. Every text is a run
/// of a rich text block, which knows no Markdown, and there are no entities, without which nothing is a mention
/// (https://adaptivecards.io/explorer/TextRun.html).
/// </summary>
internal static class TeamsFormat
{
    /// <param name="message">What to say.</param>
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

    private static IEnumerable<JsonNode> Body(Message message)
    {
        yield return Block(Run(message.Headline, weight: "Bolder", size: "Medium"));
        foreach (var line in message.Lines)
        {
            yield return Block(Run(line));
        }

        foreach (var item in message.Items)
        {
            yield return Item(item);
        }

        if (message.Footer is { } footer)
        {
            yield return Block(Run(footer, subtle: true));
        }
    }

    private static JsonObject Item(MessageItem item)
    {
        var lines = new JsonArray(Block(Run(item.Title, weight: "Bolder")));
        foreach (var fact in item.Facts)
        {
            lines.Add(Line(Run($"{fact.Label}: ", subtle: true), Run(fact.Value)));
        }

        if (item.Command is { } command)
        {
            lines.Add(Line(Run($"{command.Label}: ", subtle: true), Run(command.Text, monospace: true)));
        }

        return new JsonObject { ["type"] = "Container", ["separator"] = true, ["items"] = lines };
    }

    private static JsonObject Block(params JsonNode[] runs) =>
        new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };

    private static JsonObject Line(params JsonNode[] runs)
    {
        var block = Block(runs);
        block["spacing"] = "None";
        return block;
    }

    private static JsonObject Run(string text, string? weight = null, string? size = null, bool subtle = false, bool monospace = false)
    {
        var run = new JsonObject { ["type"] = "TextRun", ["text"] = Literal(text) };
        if (weight is not null)
        {
            run["weight"] = weight;
        }

        if (size is not null)
        {
            run["size"] = size;
        }

        if (subtle)
        {
            run["isSubtle"] = true;
        }

        if (monospace)
        {
            run["fontType"] = "Monospace";
        }

        return run;
    }

    /// <summary>Two braces begin a date to be formatted, in any text of a card. Each replacement can leave two of three together.</summary>
    private static string Literal(string text)
    {
        while (text.Contains("{{", StringComparison.Ordinal))
        {
            text = text.Replace("{{", "{ {", StringComparison.Ordinal);
        }

        return text;
    }
}
