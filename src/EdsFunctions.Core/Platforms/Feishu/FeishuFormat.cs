using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// A message as a post of a Feishu or Lark robot (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot).
/// Text elements are shown literally; mentions would be elements of their own.
/// </summary>
internal static class FeishuFormat
{
    /// <summary>The payload for a custom robot.</summary>
    public static JsonObject Payload(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = new JsonObject { ["post"] = Post(message) },
    };

    /// <summary>The payload for Feishu's API, which takes the content as a string of JSON.</summary>
    public static JsonObject Reply(Message message) => new()
    {
        ["msg_type"] = "post",
        ["content"] = MessageJson.Write(Post(message)),
    };

    private static JsonObject Post(Message message) => new()
    {
        // The post has only this language, so Feishu shows it to every reader.
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
    /// <c>&lt;at&gt;</c> is a mention in other message types. For posts this is undocumented, so it is replaced.
    /// </summary>
    private static string Literal(string text) => text.Replace('<', '＜').Replace('>', '＞').Replace('@', '＠');
}
