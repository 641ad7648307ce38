namespace EdsFunctions.Tests.Alibaba;

/// <summary>A secret, and the access key that holds one, can be compared, and nothing that prints them shows them.</summary>
public sealed class SecretTests
{
    private const string Text = "3xAmPl3-s3cr3t";

    private static readonly AlibabaCredentials Credentials = new("LTAI-example", Text, "CAIS-example-token");

    public static TheoryData<string> Malformed =>
    [
        "", " ", "with space", " before", "after ", "tab\t", "line\n", "\rline", "é", "del\u007F", "nul\0", "云",
    ];

    [Fact]
    public void Nothing_that_prints_a_secret_shows_it()
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
    public void Only_who_asks_by_name_gets_it()
    {
        Assert.Equal(Text, new Secret(Text).Reveal());
        Assert.Equal("3xAmPl3-s3cr3t"u8.ToArray(), new Secret(Text).RevealUtf8().ToArray());
    }

    [Fact]
    public void They_are_equal_if_all_parts_are()
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
    public void There_is_no_empty_secret(string? text) => Assert.ThrowsAny<ArgumentException>(() => new Secret(text!));

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_part_of_a_key_is_named_and_not_repeated(string malformed)
    {
        ShouldRefuse("access key id", () => new AlibabaCredentials(malformed, Text));
        ShouldRefuse("access key secret", () => new AlibabaCredentials("id", malformed));
        ShouldRefuse("security token", () => new AlibabaCredentials("id", Text, malformed));

        static void ShouldRefuse(string part, Func<AlibabaCredentials> make) => Assert.Equal(
            $"The Alibaba {part} is empty or has characters other than visible ASCII.",
            Assert.Throws<ArgumentException>(() => make()).Message);
    }
}
