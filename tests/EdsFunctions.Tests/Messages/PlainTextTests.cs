namespace EdsFunctions.Tests.Messages;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("a\u202Eb\u2066c", "abc")]
    [InlineData("  a \n\r\t b  ", "a b")]
    [InlineData("é 验证码 😀", "é 验证码 😀")]
    public void Sanitize_AnyText_IsOneVisibleLine(string text, string expected) =>
        Assert.Equal(expected, PlainText.Sanitize(text));

    /// <summary>A test of its own, because xUnit cannot pass a lone surrogate as data.</summary>
    [Fact]
    public void Sanitize_LoneSurrogate_IsReplaced() => Assert.Equal("a\uFFFDb", PlainText.Sanitize("a\uD800b"));

    [Fact]
    public void Sanitize_LongText_IsCut() =>
        Assert.Equal(new string('x', 120) + "…", PlainText.Sanitize(new string('x', 64 * 1024)));
}
