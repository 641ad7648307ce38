using CsCheck;
using EdsFunctions.Tests.Hostile;

namespace EdsFunctions.Tests.ChatOps;

public sealed class CommandParserTests
{
    private static readonly Regions Regions = new([]);

    private const string Cen = "cen-3weq30r6t0s7t4abcd";
    private const string Id = "01a20d6d-5a00-7c4e-9b1a-5d2f8e6a3b70";

    private static readonly string[] Pieces =
    [
        "send", "done", "cancel", "show", "pending", "help", "public", " ", "\u3000", "\n", "\"", "“", "'", ",", "，",
        "cen-3weq30r6t0s7t4abcd", "1234567890123456", "cn-hangzhou", "8e6a3b70", "01a20d6d-5a00-7c4e-9b1a-5d2f8e6a3b70",
        "<", ">", "|", "&amp;", "\uD800", "\u0000",
        "https://", "cen-", "/", "#", "ｓｅｎｄ", "\u202E", "<at>x</at>", "@all", "*", "`",
    ];

    private static readonly Gen<string> AnyText = Gen.OneOf(
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(string.Concat),
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12].Select(words => string.Join(' ', words)),
        Gen.String,
        Gen.Char.Array[0, 600].Select(chars => new string(chars)));

    [Theory]
    [InlineData($"send {Cen} 1234567890123456 cn-shanghai")]
    [InlineData("SEND CEN-3WEQ30R6T0S7T4ABCD 1234567890123456 CN-Shanghai")]
    [InlineData($"/send {Cen} 1234567890123456 cn-shanghai")]
    [InlineData($"send cn-shanghai 1234567890123456 {Cen}")]
    [InlineData($"  send\t{Cen}\n1234567890123456   cn-shanghai  ")]
    [InlineData($"send \"{Cen}\" '1234567890123456' \"cn-shanghai\"")]
    [InlineData($"send “{Cen}” ‘1234567890123456’ «cn-shanghai»")]
    [InlineData($"send 「{Cen}」 \"1234567890123456 \" “cn-shanghai")]
    [InlineData($"send `{Cen}` 1234567890123456 cn-shanghai")]
    [InlineData($"send, {Cen}, 1234567890123456, cn-shanghai.")]
    [InlineData($"send，{Cen}、1234567890123456，cn-shanghai。")]
    [InlineData($"send\u00A0{Cen}\u202F1234567890123456\u3000cn-shanghai")]
    [InlineData($"send {Cen}\u200B 1234567890123456\uFEFF cn-shanghai")]
    [InlineData("ｓｅｎｄ　ｃｅｎ－３ｗｅｑ３０ｒ６ｔ０ｓ７ｔ４ａｂｃｄ　１２３４５６７８９０１２３４５６　ｃｎ－ｓｈａｎｇｈａｉ")]
    [InlineData("send cen–3weq30r6t0s7t4abcd 1234567890123456 cn—shanghai")]
    [InlineData($"send https://cen.console.aliyun.com/cen/detail/{Cen}/attach?x=1 1234567890123456 cn-shanghai")]
    [InlineData($"send {Cen} {Cen} 1234567890123456 cn-shanghai")]
    // Chat clients turn text into links: slackapi/hubot-slack#181, MicrosoftDocs/msteams-docs#3960.
    [InlineData($"send cen.console.aliyun.com/cen/detail/{Cen}/attachInstance 1234567890123456 cn-shanghai")]
    [InlineData($"send https://cen.console.aliyun.com/#/cen?cenId%3D{Cen} 1234567890123456 cn-shanghai")]
    [InlineData($"send https://example.com/?url=https%3A%2F%2Fa.b%2F%3Fid%253D{Cen}%26x 1234567890123456 cn-shanghai")]
    [InlineData($"send [my CEN](https://cen.console.aliyun.com/cen/{Cen}/) 1234567890123456 cn-shanghai")]
    [InlineData($"send [CEN for 1234567890123456](https://cen.console.aliyun.com/cen/{Cen}) cn-shanghai")]
    [InlineData($"send [{Cen}](https://example.com/cen-another) 1234567890123456 cn-shanghai")]
    [InlineData($"send https://a.b/{Cen} [owner](https://ram.aliyun.com/1234567890123456) cn-shanghai")]
    // Pasted text may contain invisible characters: verbb/hyper#86.
    [InlineData($"send \u202D{Cen}\u202C \u20661234567890123456\u2069 \u2067cn-\u2068shanghai")]
    [InlineData($"send {Cen}\uFE0F 1234567890123456\uFE0E cn-shanghai\uDB40\uDD00")]
    [InlineData($"\uFFFCsend \uFFFC{Cen} 12345678\u034F90123456 \u180Bcn-shanghai\uDB40\uDC20")]
    [InlineData($"\u200E\u061C\u2061send {Cen}\u0007 \u206A1234567890123456 cn-shanghai\0")]
    // Users may format a command as code, or put it into a code fence.
    [InlineData($"```send {Cen} 1234567890123456 cn-shanghai```")]
    [InlineData($"```\nsend {Cen}\n1234567890123456\n```\ncn-shanghai")]
    [InlineData($"```text\nsend {Cen}\n1234567890123456 cn-shanghai\n```")]
    [InlineData($" \u200B```c++ \r\nsend {Cen} 1234567890123456 cn-shanghai```")]
    [InlineData($"```send\n{Cen} 1234567890123456 cn-shanghai\n```")]
    [InlineData($"send ```{Cen}``` `1234567890123456` cn-shanghai")]
    [InlineData($"`send {Cen} 1234567890123456 cn-shanghai`")]
    [InlineData($"> done 8e6a\nsend {Cen} 1234567890123456\r\n  > cn-beijing\ncn-shanghai\n>>> cn-beijing\ncn-beijing")]
    public void Parse_SendInAnyNotation_IsASend(string text) => Assert.Equal(
        new SendCodeCommand(new CenTarget("cn-shanghai", Cen, new AccountId(1234567890123456))), Parse(text));

    [Fact]
    public void Parse_SendWithoutOwnerOrRegion_UsesTheDefaults()
    {
        Assert.Equal(new SendCodeCommand(new CenTarget("cn-hangzhou", Cen, null)), Parse($"send {Cen}"));
        Assert.Equal(
            new SendCodeCommand(new CenTarget("cn-hangzhou", Cen, new AccountId(4200000000))),
            Parse($"send {Cen} 4200000000"));
        Assert.Equal(new SendCodeCommand(new CenTarget("cn-beijing", Cen, null)), Parse($"send {Cen} cn-beijing"));
    }

    [Theory]
    [InlineData("3b7", null, "3b7")]
    [InlineData("8E6A3B70", null, "8e6a3b70")]
    [InlineData("#8e6a", null, "8e6a")]
    [InlineData("“8e6a”", null, "8e6a")]
    [InlineData(Id, Id, "")]
    public void Parse_Reference_IsAPrefixOrAnId(string typed, string? id, string prefix)
    {
        var reference = new VerificationRef(id is null ? null : Guid.Parse(id), prefix);

        Assert.Equal(new ShowCommand(reference), Parse($"show {typed}"));
        Assert.Equal(new CloseCommand(reference, VerificationState.Completed), Parse($"done {typed}"));
        Assert.Equal(new CloseCommand(reference, VerificationState.Cancelled), Parse($"cancel {typed}"));
    }

    [Fact]
    public void Parse_CheckOrAttach_HasTheCodeAndDoesNotShowIt()
    {
        var reference = new VerificationRef(null, "8e6a");

        var check = new CheckCommand(reference, new CidrBlock("192.168.1.0/24"), new VerifyCode(new Secret("739182")));
        var attach = new AttachCommand(
            reference, new OfficeSiteId("cn-hangzhou+dir-363353"), new VerifyCode(new Secret("Ab12")));
        Assert.Equal(check, Parse("check 8e6a 192.168.1.0/24 739182"));
        Assert.Equal(check, Parse("check 8e6a １９２.１６８.１.０／２４ “７３９１８２” public"));
        Assert.Equal(attach, Parse("attach 8e6a cn-hangzhou+dir-363353 Ab12"));
        // The names of these commands must not change, because stored fingerprints contain them.
        Assert.Equal(("Check", "Attach"), (check.Name, attach.Name));
        Assert.DoesNotContain("739182", $"{Parse("check 8e6a 192.168.1.0/24 739182")}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\u200B")]
    [InlineData("help")]
    [InlineData("Help!")]
    [InlineData("help me")]
    [InlineData("> done 8e6a")]
    [InlineData(">>> a\ndone 8e6a")]
    public void Parse_EmptyTextOrHelp_IsHelp(string text) => Assert.Equal(new HelpCommand(), Parse(text));

    [Theory]
    [InlineData("sned x", "unknown command sned; did you mean send?")]
    [InlineData("pendign", "unknown command pendign; did you mean pending?")]
    [InlineData("cancle 3b7", "unknown command cancle; did you mean cancel?")]
    [InlineData("finish 3b7", "unknown command finish; did you mean")]
    [InlineData("```text", "unknown command text; did you mean")]
    [InlineData($"```never send {Cen}```", "unknown command never; did you mean")]
    [InlineData($"never ```text\nsend {Cen}\n```", "unknown command never; did you mean")]
    [InlineData("482913", "the first word is not a command; did you mean")]
    [InlineData("send", "the CEN is missing")]
    [InlineData("send 1234567890123456", "the CEN is missing")]
    [InlineData($"send {Cen} hangzhou", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen} 0123", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen} cen-another", "more than one CEN")]
    [InlineData($"send {Cen} 1234567890123456 1234567890123457", "more than one account ID")]
    [InlineData($"send {Cen} 739182", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen} cn-beijing cn-shanghai", "more than one region")]
    [InlineData(
        "send https://example.com/nothing", "word 2 is not a CEN, an account ID or a region, the CEN is missing")]
    [InlineData($"send https://a.b/{Cen}/cen-another", "word 2 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen} https://a.b/?time=1700000000000", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen}/1234567890123456", "word 2 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen}:1234567890123456", "word 2 is not a CEN, an account ID or a region")]
    [InlineData($"send [prod cen-another](https://a.b/{Cen})", "more than one CEN")]
    [InlineData($"send {Cen} ١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send {Cen} 𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗𝟎", "word 3 is not a CEN, an account ID or a region")]
    [InlineData($"send e\u0301{Cen}", "word 2 is not a CEN, an account ID or a region")]
    [InlineData("send\n> cen-another", "the CEN is missing")]
    [InlineData("pending now", "too many arguments")]
    [InlineData("done", "the reference is missing")]
    [InlineData("done 3b7 8e6", "too many arguments")]
    [InlineData("check", "an argument is missing")]
    [InlineData("check 8e6a 192.168.1.0/24", "an argument is missing")]
    [InlineData("check 192.168.1.0/24 8e6a 739182", "word 2 is not a reference")]
    [InlineData("check 8e6a 192.168.1.1/24 739182", "word 3 is not an IPv4 CIDR block")]
    [InlineData("check 8e6a 739182 192.168.1.0/24", "word 3 is not an IPv4 CIDR block")]
    [InlineData("check 8e6a 192.168.1.0/24 73-91", "word 4 is not a code")]
    [InlineData("check 8e6a 192.168.1.0/24 739182 x", "too many arguments")]
    [InlineData("attach 8e6a /etc 739182", "word 3 is not an office network ID")]
    [InlineData("show xyz", "word 2 is not a reference")]
    [InlineData("show 123456789", "word 2 is not a reference")]
    public void Parse_InvalidCommand_NamesTheError(string text, string error)
    {
        var invalid = Assert.IsType<InvalidCommand>(Parse(text));

        var texts = Localizer.ForLanguage(Localizer.English);
        Assert.StartsWith(
            error,
            string.Join(", ", invalid.Errors.Select(phrase => phrase.Localize(texts))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SendWithoutRegionAndDefault_IsMissingTheRegion()
    {
        var invalid = Assert.IsType<InvalidCommand>(
            CommandParser.Parse($"send {Cen}", defaultRegion: null, Regions).Command);

        Assert.Equal([SendCodeCommand.MissingRegion], invalid.Errors.Select(phrase => phrase.Text));
    }

    [Fact]
    public void Parse_TextOverTheMaximum_IsTooLong() => Assert.Equal(
        [Texts.TooLong],
        Assert.IsType<InvalidCommand>(Parse(new string('a', 501))).Errors.Select(phrase => phrase.Text));

    [Fact]
    public void Parse_AnyText_NeverThrowsNorChangesWithoutItsVerb() => AnyText.Sample(
        text =>
        {
            var command = Parse(text);

            var verb = CommandWords.Split(text) is [var first, ..] ? first.TrimStart('/').ToLowerInvariant() : "";
            Assert.True(command is not SendCodeCommand || verb == "send", text);
            Assert.True(command is not CloseCommand || verb is "done" or "cancel", text);
        },
        iter: 3_000);

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Deliver_AnyText_IsRepliedToInThePlatformsFormat(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        var texts = AnyText.Array[100].Single();
        foreach (var text in texts.Append(new string('验', 6_000)))
        {
            // Replace lone surrogates, because they cannot be sent as UTF-8.
            var reply = await session.DeliverAsync(session.Typed(text.Replace('\uD800', '?').Normalized()));

            Assert.True(reply.ShouldBe(200).Json.TryGetProperty(session.Platform.ReplyProperty!, out _));
        }

        Assert.All(await session.App.RecordsAsync(), record => Assert.NotNull(CenId.Parse(record.Target.CenId!)));
    }

    private static ChatCommand Parse(string text) => CommandParser.Parse(text, "cn-hangzhou", Regions).Command;
}
