using CsCheck;
using EdsFunctions.Tests.Hostile;

namespace EdsFunctions.Tests.ChatOps;

/// <summary>Whatever is typed, nothing throws, and nothing is done that no verb asked for.</summary>
public sealed class HostileCommandTests
{
    private static readonly string[] Pieces =
    [
        "send", "done", "cancel", "show", "pending", "help", "public", " ", "\u3000", "\n", "\"", "“", "'", ",", "，", "cen-3weq30r6t0s7t4abcd",
        "1234567890123456", "cn-hangzhou", "8e6a3b70", "01a20d6d-5a00-7c4e-9b1a-5d2f8e6a3b70", "<", ">", "|", "&amp;", "\uD800", "\u0000",
        "https://", "cen-", "/", "#", "ｓｅｎｄ", "\u202E", "<at>x</at>", "@all", "*", "`",
    ];

    private static readonly Gen<string> Typed = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat),
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(words => string.Join(' ', words)),
        Gen.String,
        Gen.Char.Array[0, 600].Select(chars => new string(chars)));

    [Fact]
    public void Any_text_is_a_command_or_a_mistake() => Typed.Sample(
        text =>
        {
            var (command, _) = CommandParser.Parse(text, "cn-hangzhou");

            var words = CommandWords.Split(text);
            var verb = words.Count == 0 ? "" : words[0].TrimStart('/').ToLowerInvariant();
            switch (command)
            {
                case ChatCommand.Send:
                    Assert.Equal("send", verb);
                    break;
                case ChatCommand.Close:
                    Assert.Contains(verb, new[] { "done", "cancel" });
                    break;
            }
        },
        iter: 3_000);

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Whatever_is_typed_by_whoever_may_do_anything_is_answered_in_the_platforms_form(string platform)
    {
        await using var room = await ChatRoom.OpenAsync(platform);
        var texts = Typed.Array[100].Single();
        foreach (var text in texts.Append(new string('验', 6_000)))
        {
            // A lone surrogate cannot be sent as UTF-8.
            var reply = await room.DeliverAsync(room.Typed(text.Replace('\uD800', '?').Normalized()));

            Assert.True(reply.ShouldBe(200).Json.TryGetProperty(platform switch
            {
                "Slack" => "blocks",
                "Teams" => "attachments",
                _ => "markdown",
            }, out _));
        }

        Assert.All(await room.App.RecordsAsync(), record => Assert.NotNull(CenId.Parse(record.Target.CenId!)));
    }
}
