using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// Formats a message as a post for a Feishu or Lark robot
/// (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). Feishu shows the text elements of a post
/// literally. A mention would be an element of its own.
/// </summary>
internal static class FeishuFormat
{
    /// <summary>Creates the payload for a custom robot.</summary>
    public static JsonObject Payload(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = new JsonObject { ["post"] = Post(message) },
    };

    /// <summary>Creates the payload for Feishu's API, which requires the content as a string of JSON.</summary>
    public static JsonObject Reply(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = MessageJson.Write(Post(message)),
    };

    private static JsonObject Post(Message message) => new()
    {
        // Feishu shows the post in this language to every reader, because the post has no other language.
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
        return item.Facts.Select(fact => Text($"{fact.Label}{fact.Value}")).Prepend(title);
    }

    private static JsonObject Text(string text) => new() { ["tag"] = "text", ["text"] = Literal(text) };

    /// <summary>
    /// Replaces angle brackets. In other types of messages, <c>&lt;at&gt;</c> is a mention, and Feishu does not
    /// document what it is in a post.
    /// </summary>
    private static string Literal(string text) => text.Replace('<', '＜').Replace('>', '＞').Replace('@', '＠');
}
