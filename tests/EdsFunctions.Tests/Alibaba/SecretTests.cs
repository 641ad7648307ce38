namespace EdsFunctions.Tests.Alibaba;

public sealed class SecretTests
{
    private const string Text = "3xAmPl3-s3cr3t";

    [Fact]
    public void Nothing_that_prints_a_secret_shows_it()
    {
        var secret = new Secret(Text);

        Assert.Equal("***", secret.ToString());
        Assert.Equal("***", $"{secret}");
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.Empty(typeof(Secret).GetProperties());
        Assert.Empty(typeof(Secret).GetFields());
    }

    [Fact]
    public void Who_asks_by_name_gets_it()
    {
        Assert.Equal(Text, new Secret(Text).Reveal());
        Assert.Equal("3xAmPl3-s3cr3t"u8.ToArray(), new Secret(Text).RevealUtf8().ToArray());
    }

    [Fact]
    public void Secrets_are_equal_where_their_texts_are()
    {
        Assert.Equal(new Secret(Text), new Secret(Text));
        Assert.True(new Secret(Text).Equals((object)new Secret(Text)));
        Assert.NotEqual(new Secret(Text), new Secret("3xAmPl3-s3cr3T"));
        Assert.NotEqual(new Secret(Text), new Secret(Text + "x"));
        Assert.False(new Secret(Text).Equals(null));
        Assert.False(new Secret(Text).Equals((object)Text));
    }

    [Fact]
    public void The_hash_code_tells_nothing() =>
        Assert.Equal(new Secret(Text).GetHashCode(), new Secret("another").GetHashCode());

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void There_is_no_empty_secret(string? text) => Assert.ThrowsAny<ArgumentException>(() => new Secret(text!));
}
