namespace EdsFunctions.Core.Messages;

/// <summary>
/// A message as a post of a Feishu or Lark robot (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Its text elements are
/// shown as they stand; a mention is an element of its own, of which there are none.
/// </summary>
internal static class FeishuFormat
{
    /// <param name="message">What to say.</param>
    public static JsonObject Payload(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = new JsonObject
        {
            ["post"] = new JsonObject
            {
                // Shown whatever the reader's language: it is the only one.
                ["zh_cn"] = new JsonObject
                {
                    ["title"] = Literal(message.Headline),
                    ["content"] = new JsonArray([.. Lines(message).Select(line => new JsonArray(line))]),
                },
            },
        },
    };

    private static IEnumerable<JsonNode> Lines(Message message)
    {
        foreach (var line in message.Lines)
        {
            yield return Text(line);
        }

        foreach (var item in message.Items)
        {
            yield return Text(item.Title, bold: true);
            foreach (var fact in item.Facts)
            {
                yield return Text($"{fact.Label}: {fact.Value}");
            }

            if (item.Command is { } command)
            {
                yield return Text($"{command.Label}: {command.Text}");
            }
        }

        if (message.Footer is { } footer)
        {
            yield return Text(footer);
        }
    }

    private static JsonObject Text(string text, bool bold = false)
    {
        var element = new JsonObject { ["tag"] = "text", ["text"] = Literal(text) };
        if (bold)
        {
            element["style"] = new JsonArray("bold");
        }

        return element;
    }

    /// <summary>Other kinds of message know <c>&lt;at&gt;</c> in a text; this one says nothing of it, so there is none.</summary>
    internal static string Literal(string text) => text.Replace('<', '＜').Replace('>', '＞').Replace('@', '＠');
}
