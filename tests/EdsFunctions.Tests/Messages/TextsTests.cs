using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdsFunctions.Tests.Messages;

/// <summary>Both languages have every text, and each text says the same things.</summary>
public sealed partial class TextsTests
{
    private static readonly string[] Languages = [Texts.English, Texts.Chinese];

    [Fact]
    public void Every_language_has_every_text_and_no_other() => Assert.All(Languages, language => Assert.Equal(
        Enum.GetNames<TextId>().Order(), Read(language).Keys.Order()));

    [Fact]
    public void A_text_takes_the_same_arguments_in_every_language()
    {
        var (english, chinese) = (Read(Texts.English), Read(Texts.Chinese));

        Assert.All(english, text => Assert.Equal(Arguments(text.Value), Arguments(chinese[text.Key])));
    }

    [Fact]
    public void No_text_is_empty_and_none_in_Chinese_is_the_English_one()
    {
        var english = Read(Texts.English);

        Assert.All(Languages, language => Assert.All(Read(language).Values, text => Assert.False(string.IsNullOrWhiteSpace(text))));
        Assert.All(
            Read(Texts.Chinese).Where(text => text.Value == english[text.Key]),
            text => Assert.Contains(text.Key, new[] { nameof(TextId.Word), nameof(TextId.WordCen), nameof(TextId.NameCen) }));
    }

    [Fact]
    public void Every_text_is_said_somewhere()
    {
        var sources = string.Concat(Directory
            .EnumerateFiles(Repository.Path("src", "EdsFunctions.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("obj", StringComparison.Ordinal))
            .Select(File.ReadAllText));

        Assert.All(Enum.GetNames<TextId>(), id => Assert.Matches($@"TextId\.{id}\b", sources));
    }

    [Theory]
    [InlineData("0.00:00:00", "0 s", "0 秒")]
    [InlineData("0.00:34:59", "34 min", "34 分钟")]
    [InlineData("0.05:07:00", "5 h 7 min", "5 小时 7 分钟")]
    [InlineData("2.05:59:00", "2 d 5 h", "2 天 5 小时")]
    public void A_duration_has_its_two_largest_units(string time, string english, string chinese)
    {
        Assert.Equal(english, Texts.In(Texts.English).Duration(TimeSpan.Parse(time, null)));
        Assert.Equal(chinese, Texts.In(Texts.Chinese).Duration(TimeSpan.Parse(time, null)));
    }

    private static Dictionary<string, string> Read(string language) => XDocument
        .Load(Repository.Path("src", "EdsFunctions.Core", "Messages", $"Texts.{language}.resx"))
        .Root!.Elements("data")
        .ToDictionary(text => text.Attribute("name")!.Value, text => text.Element("value")!.Value);

    private static IEnumerable<string> Arguments(string text) => Argument().Matches(text).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Argument();
}
