using System.Reflection;
using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Messages;

/// <summary>Every text is used and has the same placeholders in both languages.</summary>
public sealed partial class TextsTests
{
    private static readonly Dictionary<string, Text> All = typeof(Texts).Assembly.GetTypes()
        .Where(type => type == typeof(Texts) || type.Namespace == typeof(SendCodeCommand).Namespace)
        .SelectMany(type => type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static))
        .Where(field => field.FieldType == typeof(Text))
        .ToDictionary(field => $"{field.DeclaringType!.Name}.{field.Name}", field => (Text)field.GetValue(null)!)
        .Concat(ChatCommands.All.ToDictionary(command => command.Verb, command => command.Help))
        .ToDictionary();

    [Fact]
    public void Text_InEveryLanguage_HasTheSamePlaceholders() => Assert.All(
        All.Values, text => Assert.Equal(Placeholders(text.English), Placeholders(text.Chinese)));

    [Fact]
    public void Text_InEveryLanguage_IsNeitherEmptyNorUntranslated()
    {
        Assert.DoesNotContain(
            All.Values, text => string.IsNullOrWhiteSpace(text.English) || string.IsNullOrWhiteSpace(text.Chinese));
        Assert.Equal(
            ["Texts.Word"], All.Where(text => text.Value.English == text.Value.Chinese).Select(text => text.Key));
    }

    [Fact]
    public void Texts_EveryField_IsUsed()
    {
        var sources = string.Concat(Directory
            .EnumerateFiles(Repository.Path("src", "EdsFunctions.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("obj", StringComparison.Ordinal))
            .Select(File.ReadAllText));

        // The compiler reports unused texts in the files of commands, so this test looks only at the shared texts.
        Assert.All(
            typeof(Texts).GetFields(), field => Assert.Matches($@"\bTexts\.{field.Name}\b", sources));
    }

    [Theory]
    [InlineData("0.00:00:00", "0 s", "0 秒")]
    [InlineData("0.00:00:59", "59 s", "59 秒")]
    [InlineData("0.00:01:00", "1 min", "1 分钟")]
    [InlineData("0.00:34:59", "34 min", "34 分钟")]
    [InlineData("0.01:00:00", "1 h 0 min", "1 小时 0 分钟")]
    [InlineData("0.05:07:00", "5 h 7 min", "5 小时 7 分钟")]
    [InlineData("1.00:00:00", "1 d 0 h", "1 天 0 小时")]
    [InlineData("2.05:59:00", "2 d 5 h", "2 天 5 小时")]
    public void Duration_AnyTime_HasItsTwoLargestUnits(string time, string english, string chinese)
    {
        Assert.Equal(english, Localizer.ForLanguage(Localizer.English).Duration(TimeSpan.Parse(time, null)));
        Assert.Equal(chinese, Localizer.ForLanguage(Localizer.Chinese).Duration(TimeSpan.Parse(time, null)));
    }

    [Fact]
    public void Text_InChinese_HasFullWidthPunctuation() => Assert.All(
        All.Values,
        text => Assert.DoesNotMatch(
            @"\p{IsCJKUnifiedIdeographs}\s*[,.:;?!()]|[,:;?!()]\s*\p{IsCJKUnifiedIdeographs}", text.Chinese));

    private static IEnumerable<string> Placeholders(string text) =>
        Placeholder.Matches(text).Select(match => match.Value).Distinct().Order();

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder { get; }
}
