using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Slack;

/// <summary>
/// A message in Slack's Block Kit. The blocks are rich text, whose texts are shown literally: nothing in them is markup, a link or a
/// mention. Only <c>text</c>, for notifications, is read as mrkdwn, and is escaped
/// (https://docs.slack.dev/messaging/formatting-message-text).
/// </summary>
internal static class SlackFormat
{
    /// <summary>Slack refuses longer ones.</summary>
    private const int MaxHeader = 150;

    private const int MaxText = 3000;

    public static JsonObject Payload(Message message) => new()
    {
        ["text"] = Escape(message.Headline),
        ["mrkdwn"] = false,
        ["blocks"] = new JsonArray([.. Blocks(message)]),
    };

    /// <summary>Escapes the three characters that begin or end something in mrkdwn.</summary>
    private static string Escape(string text) => text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static IEnumerable<JsonNode> Blocks(Message message)
    {
        yield return new JsonObject
        {
            ["type"] = "header",
            ["text"] = new JsonObject
            {
                ["type"] = "plain_text",
                ["text"] = PlainText.Of(message.Headline, MaxHeader - 1),
                ["emoji"] = false,
            },
        };
        if (message.Lines.Count > 0)
        {
            yield return RichText(Text(string.Join('\n', message.Lines)));
        }

        foreach (var item in message.Items)
        {
            yield return RichText([Text(item.Title, "bold"), .. item.Facts.SelectMany(Line)]);
        }

        if (message.Footer is { } footer)
        {
            yield return RichText(Text(footer, "italic"));
        }
    }

    private static IEnumerable<JsonNode> Line(Fact fact) => fact.IsCommand
        ? [Text($"\n{fact.Label}: "), Text(fact.Value, "code")]
        : [Text($"\n{fact.Label}: {fact.Value}")];

    private static JsonObject RichText(params JsonNode[] elements) => new()
    {
        ["type"] = "rich_text",
        ["elements"] = new JsonArray(new JsonObject
        {
            ["type"] = "rich_text_section",
            ["elements"] = new JsonArray(elements),
        }),
    };

    private static JsonObject Text(string text, string? style = null)
    {
        var element = new JsonObject { ["type"] = "text", ["text"] = text.Length > MaxText ? text[..MaxText] : text };
        if (style is not null)
        {
            element["style"] = new JsonObject { [style] = true };
        }

        return element;
    }
}
