namespace EdsFunctions.Tests.Common;

public sealed class SecretTests
{
    private const string Text = "3xAmPl3-s3cr3t";

    private static readonly AlibabaCredentials Credentials = new("LTAI-example", Text, "CAIS-example-token");

    public static TheoryData<string> Malformed =>
    [
        "", " ", "with space", " before", "after ", "tab\t", "line\n", "\rline", "é", "del\u007F", "nul\0", "云",
    ];

    [Fact]
    public void ToStringAndSerialize_Secret_RevealNothing()
    {
        var secret = new Secret(Text);

        Assert.Equal("***", $"{secret}");
        Assert.Equal("{}", JsonSerializer.Serialize(secret));
        Assert.Empty(typeof(Secret).GetProperties());
        Assert.Empty(typeof(Secret).GetFields());
        Assert.Equal(secret.GetHashCode(), new Secret("another").GetHashCode());
        Assert.Equal("VerifyCode { Value = *** }", $"{new VerifyCode(secret)}");
        Assert.Equal("AlibabaCredentials", $"{Credentials}");
        Assert.DoesNotMatch("3xAmPl3|CAIS", JsonSerializer.Serialize(Credentials));
    }

    [Fact]
    public void Reveal_Secret_ReturnsThePlainText()
    {
        Assert.Equal(Text, new Secret(Text).Reveal());
        Assert.Equal("3xAmPl3-s3cr3t"u8.ToArray(), new Secret(Text).RevealUtf8().ToArray());
    }

    [Fact]
    public void Equals_AnyPartDiffers_ReturnsFalse()
    {
        Assert.Equal(new Secret(Text), new Secret(Text));
        Assert.NotEqual(new Secret(Text), new Secret("3xAmPl3-s3cr3T"));
        Assert.NotEqual(new Secret(Text), new Secret(Text + "x"));
        Assert.False(new Secret(Text).Equals((object)Text));
        Assert.Equal(Credentials, new AlibabaCredentials("LTAI-example", Text, "CAIS-example-token"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-exampl2", Text, "CAIS-example-token"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3T", "CAIS-example-token"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", Text, "CAIS-example-tokeN"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", Text));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Create_EmptySecret_Throws(string? text) => Assert.ThrowsAny<ArgumentException>(() => new Secret(text!));

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Create_MalformedCredentials_ThrowsAnErrorWithoutTheValue(string malformed)
    {
        ShouldThrow("access key id", () => new AlibabaCredentials(malformed, Text));
        ShouldThrow("access key secret", () => new AlibabaCredentials("id", malformed));
        ShouldThrow("security token", () => new AlibabaCredentials("id", Text, malformed));

        static void ShouldThrow(string part, Func<AlibabaCredentials> make) => Assert.Equal(
            $"The Alibaba {part} is empty or contains characters other than visible ASCII.",
            Assert.Throws<ArgumentException>(() => make()).Message);
    }
}
