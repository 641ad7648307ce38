namespace EdsFunctions.Tests.Alibaba;

public sealed class AccountIdTests
{
    [Theory]
    [InlineData("1", 1)]
    [InlineData("1234567890123456", 1234567890123456)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Digits_are_an_account(string text, long expected)
    {
        Assert.True(AccountId.TryParse(text, out var id));
        Assert.Equal(expected, id.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("01")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("1\n")]
    [InlineData("1\0")]
    [InlineData("1,000")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1F")]
    [InlineData("(1)")]
    [InlineData("١٢٣")]
    [InlineData("１２３")]
    [InlineData("9223372036854775808")]
    [InlineData("12345678901234567890123456789012345678901234567890")]
    [InlineData("account")]
    public void Anything_else_is_not(string text)
    {
        Assert.False(AccountId.TryParse(text, out var id));
        Assert.Equal(default, id);
    }

    [Theory]
    [InlineData(1234567890123456, "************3456")]
    [InlineData(12345, "*2345")]
    [InlineData(1234, "****")]
    [InlineData(1, "*")]
    public void Its_text_is_masked_but_for_the_last_four(long value, string expected)
    {
        Assert.Equal(expected, new AccountId(value).ToString());
        Assert.Equal(expected, $"{new AccountId(value)}");
    }
}
