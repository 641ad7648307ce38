using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Slack;

/// <summary>
/// Formats a message in Slack's Block Kit. Slack shows the rich text in the blocks literally. The field <c>text</c>
/// repeats the content: Slack shows this field in notifications, and Mattermost and Rocket.Chat, which accept the same
/// webhooks, show only this field. Its text is escaped for Slack's mrkdwn and for Markdown
/// (https://docs.slack.dev/messaging/formatting-message-text).
/// </summary>
internal static class SlackFormat
{
    /// <summary>The maximum length of the header of a message. Slack rejects longer headers.</summary>
    private const int MaxHeader = 150;

    private const int MaxText = 3000;

    /// <summary>
    /// The characters that mark up text, links and mentions in the Markdown of Mattermost and Rocket.Chat.
    /// </summary>
    private const string Markup = "\\`*_~[]|#@";

    public static JsonObject Payload(Message message) => new()
    {
        ["text"] = string.Join('\n', Lines(message).Select(Escape)),
        ["mrkdwn"] = false,
        ["blocks"] = new JsonArray([.. Blocks(message)]),
    };

    private static IEnumerable<string> Lines(Message message) =>
    [
        message.Headline,
        .. message.Lines,
        .. message.Items.SelectMany(item =>
            item.Facts.Select(fact => $"{fact.Label}{fact.Value}").Prepend(item.Title)),
        .. message.Footer is { } footer ? [footer] : Array.Empty<string>(),
    ];

    /// <summary>
    /// Escapes the three special characters of mrkdwn, and replaces the special characters of Markdown.
    /// </summary>
    private static string Escape(string text) =>
        FullWidth.Replace(text, Markup).Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;");

    private static IEnumerable<JsonNode> Blocks(Message message)
    {
        yield return new JsonObject
        {
            ["type"] = "header",
            ["text"] = new JsonObject
            {
                ["type"] = "plain_text",
                ["text"] = PlainText.Sanitize(message.Headline, MaxHeader - 1),
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
        ? [Text($"\n{fact.Label}"), Text(fact.Value, "code")]
        : [Text($"\n{fact.Label}{fact.Value}")];

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
