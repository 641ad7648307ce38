namespace EdsFunctions.Tests.Alibaba;

public sealed class AlibabaCredentialsTests
{
    private static readonly AlibabaCredentials Credentials = new("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-example-token");

    public static TheoryData<string> Malformed =>
    [
        "", " ", "with space", " before", "after ", "tab\t", "line\n", "\rline", "é", "del\u007F", "nul\0", "云",
    ];

    [Fact]
    public void Their_text_names_nothing() => Assert.Equal("AlibabaCredentials", Credentials.ToString());

    [Fact]
    public void Their_JSON_has_neither_secret_nor_token()
    {
        var json = JsonSerializer.Serialize(Credentials);

        Assert.DoesNotContain("3xAmPl3", json, StringComparison.Ordinal);
        Assert.DoesNotContain("CAIS", json, StringComparison.Ordinal);
    }

    [Fact]
    public void They_are_equal_where_all_parts_are()
    {
        var same = new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-example-token");
        Assert.Equal(Credentials, same);
        Assert.Equal(Credentials.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-exampl2", "3xAmPl3-s3cr3t", "CAIS-example-token"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3T", "CAIS-example-token"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-example-tokeN"));
        Assert.NotEqual(Credentials, new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t"));
        Assert.False(Credentials.Equals((object?)null));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_malformed_part_is_named_and_not_repeated(string malformed)
    {
        ShouldRefuse("access key id", malformed, () => new AlibabaCredentials(malformed, "secret"));
        ShouldRefuse("access key secret", malformed, () => new AlibabaCredentials("id", malformed));
        ShouldRefuse("security token", malformed, () => new AlibabaCredentials("id", "secret", malformed));
    }

    [Fact]
    public void A_refused_secret_is_not_in_the_exception()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new AlibabaCredentials("LTAI-example", "3xAmPl3 s3cr3t"));

        Assert.DoesNotContain("3xAmPl3", refusal.ToString(), StringComparison.Ordinal);
    }

    private static void ShouldRefuse(string part, string malformed, Func<AlibabaCredentials> make)
    {
        var refusal = Assert.Throws<ArgumentException>(() => make());
        Assert.StartsWith($"The Alibaba {part} ", refusal.Message, StringComparison.Ordinal);
        Assert.True(malformed.Length < 2 || !refusal.Message.Contains(malformed, StringComparison.Ordinal));
    }
}
