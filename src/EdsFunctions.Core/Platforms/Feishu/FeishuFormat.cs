using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// A message as a post of a Feishu or Lark robot (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Its text elements are
/// shown literally; a mention is an element of its own, of which there are none.
/// </summary>
internal static class FeishuFormat
{
    /// <summary>For a custom robot.</summary>
    public static JsonObject Payload(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = new JsonObject { ["post"] = Post(message) },
    };

    /// <summary>For the API, where the content is JSON in a string.</summary>
    public static JsonObject Reply(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = MessageJson.Write(Post(message)),
    };

    private static JsonObject Post(Message message) => new()
    {
        // Shown whatever the reader's language: it is the only one.
        ["zh_cn"] = new JsonObject
        {
            ["title"] = Literal(message.Headline),
            ["content"] = new JsonArray([.. Lines(message).Select(line => new JsonArray(line))]),
        },
    };

    private static IEnumerable<JsonNode> Lines(Message message) =>
    [
        .. message.Lines.Select(Text),
        .. message.Items.SelectMany(Item),
        .. message.Footer is { } footer ? [Text(footer)] : Array.Empty<JsonNode>(),
    ];

    private static IEnumerable<JsonNode> Item(MessageItem item)
    {
        var title = Text(item.Title);
        title["style"] = new JsonArray("bold");
        return item.Facts.Select(fact => Text($"{fact.Label}: {fact.Value}")).Prepend(title);
    }

    private static JsonObject Text(string text) => new() { ["tag"] = "text", ["text"] = Literal(text) };

    /// <summary>In other kinds of message <c>&lt;at&gt;</c> in a text mentions; for this one it is not documented, so there is none.</summary>
    private static string Literal(string text) => text.Replace('<', '＜').Replace('>', '＞').Replace('@', '＠');
}
