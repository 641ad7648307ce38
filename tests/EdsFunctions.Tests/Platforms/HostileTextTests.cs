using System.Text.Json.Nodes;
using CsCheck;

namespace EdsFunctions.Tests.Platforms;

/// <summary>A text from a user never becomes markup, a link, a mention or another part of a payload.</summary>
public sealed class HostileTextTests
{
    private static readonly string[] Pieces =
    [
        "<!channel>", "<!here|here>", "<@U123>", "<https://evil.example|click>", "@all", "@here", "<at>all</at>",
        "<at user_id=\"all\"></at>", "**bold**", "_it_", "`code`", "```", "~x~", "[link](https://evil.example)",
        "![i](http://e)", "# h", "\n# h", "\r\n- a", "> q", "|a|b|", "{{DATE(2017-02-14T06:08:39Z,SHORT)}}", "${x}",
        "\"}],\"x\":[{\"", "\\", "\"", "&lt;", "&amp;", "&#60;", "\u202E", "\u2066", "\u0000", "\u001B[31m", "\u2028",
        "\uD800", "\uDC00", "\uFFFE", "é", "验证码", "😀", "👩‍👩‍👧", "{0}", "{1:x}", "%s", "</script>", "<br>", "--",
        "***",
    ];

    private static readonly Gen<string> Texts =
        Gen.OneOf(
            Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]),
            Gen.String,
            Gen.Char.Array[0, 20].Select(chars => new string(chars))).Array[1, 8].Select(string.Concat);

    [Fact]
    public void Payload_AnyNote_IsLiteralTextInTheSameShape()
    {
        AssertFormat(SlackFormat.Payload, AssertSlack);
        AssertFormat(TeamsFormat.Payload, AssertTeams);
        AssertFormat(DingTalkFormat.Payload, AssertDingTalk);
        AssertFormat(FeishuFormat.Payload, AssertFeishu);
        AssertFormat(WeComFormat.Payload, AssertWeCom);

        static void AssertFormat(Func<Message, JsonObject> format, Action<JsonObject> assert)
        {
            var shape = Shape(Read(format(About("x"))));
            Texts.Sample(
                note =>
                {
                    var payload = format(About(note));
                    assert(payload);
                    Assert.Equal(shape, Shape(Read(payload)));
                },
                iter: 500);
        }
    }

    private static Message About(string note)
    {
        var verification = A.Verification.By("x", "x").Record() with
        {
            RequestedBy = note,
            Note = note,
            ClosingNote = "x",
        };
        return new Message(
            PlainText.Sanitize(note) is { Length: > 0 } headline ? headline : "x",
            [$"a {PlainText.Sanitize(note)}"],
            [Localizer.ForLanguage("en").Describe(verification, VerificationBuilder.Noon.AddHours(1))],
            "footer");
    }

    /// <summary>
    /// Only the field <c>text</c> of a Slack payload is mrkdwn or Markdown. The blocks have types that show text
    /// literally.
    /// </summary>
    private static void AssertSlack(JsonObject payload)
    {
        var text = Read(payload).GetProperty("text").GetString()!;
        Assert.DoesNotContain(text, c => "@[]`*_~|\\".Contains(c, StringComparison.Ordinal));
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('>', text);
        Assert.All(text.Split('&').Skip(1), rest => Assert.Matches("^(amp|lt|gt);", rest));
        Assert.False(payload["mrkdwn"]!.GetValue<bool>());
        Assert.All(
            payload["blocks"]!.AsArray(),
            block => Assert.Contains(block!["type"]!.GetValue<string>(), new[] { "header", "rich_text" }));
        Assert.All(
            Objects(payload["blocks"]!).Where(one => one.ContainsKey("text") && one["text"] is JsonValue),
            one => Assert.Contains(one["type"]!.GetValue<string>(), new[] { "text", "plain_text" }));
    }

    private static void AssertTeams(JsonObject payload)
    {
        Assert.All(Objects(payload).Where(one => one.ContainsKey("text")), one =>
        {
            Assert.Equal("TextRun", one["type"]!.GetValue<string>());
            Assert.DoesNotContain("{{", one["text"]!.GetValue<string>(), StringComparison.Ordinal);
        });
        Assert.DoesNotContain(Objects(payload), one => one.ContainsKey("entities") || one.ContainsKey("url"));
    }

    private static void AssertDingTalk(JsonObject payload)
    {
        var text = payload["markdown"]!["text"]!.GetValue<string>();
        Assert.DoesNotContain('@', text);
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('[', text);
        Assert.DoesNotContain('`', text);
        // Only the headline of each item and the command are bold.
        Assert.Equal(4, text.Split("**").Length - 1);
        Assert.Equal(1, text.Split("### ").Length - 1);
        Assert.False(payload["at"]!["isAtAll"]!.GetValue<bool>());
    }

    private static void AssertWeCom(JsonObject payload)
    {
        var text = payload["markdown"]!["content"]!.GetValue<string>();
        Assert.DoesNotContain('@', text);
        Assert.DoesNotContain('<', text);
        Assert.DoesNotContain('[', text);
        // Only the title of the item is bold, and only the command is code.
        Assert.Equal((2, 2), (text.Split("**").Length - 1, text.Split('`').Length - 1));
        Assert.StartsWith("### ", text, StringComparison.Ordinal);
    }

    private static void AssertFeishu(JsonObject payload)
    {
        Assert.All(
            Objects(payload).Where(one => one.ContainsKey("tag")),
            one => Assert.Equal("text", one["tag"]!.GetValue<string>()));
        Assert.DoesNotContain("<at", payload.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }), StringComparison.Ordinal);
    }

    /// <summary>Parses a payload, as the platform does.</summary>
    private static JsonElement Read(JsonObject payload) =>
        JsonDocument.Parse(Encoding.UTF8.GetBytes(MessageJson.Write(payload))).RootElement;

    private static IEnumerable<JsonObject> Objects(JsonNode node) => node switch
    {
        JsonObject one => one
            .SelectMany(property => property.Value is null ? [] : Objects(property.Value)).Prepend(one),
        JsonArray many => many.SelectMany(one => one is null ? [] : Objects(one)),
        _ => [],
    };

    /// <summary>Describes the structure of a payload without its texts.</summary>
    private static string Shape(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            $"{{{string.Join(',', element.EnumerateObject().Select(one => $"{one.Name}:{Shape(one.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(',', element.EnumerateArray().Select(Shape))}]",
        var kind => kind.ToString(),
    };
}
