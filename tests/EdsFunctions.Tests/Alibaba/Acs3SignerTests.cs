using System.Security.Cryptography;

namespace EdsFunctions.Tests.Alibaba;

public sealed class Acs3SignerTests
{
    public static TheoryData<string> Vectors => [.. SigningVector.All.Keys];

    /// <summary>
    /// All published signatures are loaded. One of the sources publishes only the hash of the canonical request.
    /// </summary>
    [Fact]
    public void Vectors_OfTheDocumentationAndBothSdks_AreLoaded()
    {
        Assert.Equal(6, SigningVector.All.Count);
        Assert.Equal(5, SigningVector.All.Values.Count(vector => vector.CanonicalRequest is not null));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_PublishedVector_ReturnsPublishedSignature(string name)
    {
        var vector = SigningVector.All[name];

        var canonical = Acs3Signer.CanonicalRequest(vector.Parameters(), vector.Headers());
        var signature = Acs3Signer.Sign(vector.Parameters(), vector.Headers(), vector.Credentials);

        Assert.Equal(vector.CanonicalRequest ?? canonical, canonical);
        Assert.Equal(vector.HashedCanonicalRequest, Sha256(canonical));
        Assert.Equal(vector.CanonicalQuery ?? signature.Query, signature.Query);
        Assert.Equal(vector.Authorization, signature.Authorization);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_ShuffledParametersAndHeaders_ReturnsTheSameSignature(string name)
    {
        var vector = SigningVector.All[name];
        var random = new Random(20200930);
        for (var i = 0; i < 100; i++)
        {
            var (parameters, headers) = (vector.Parameters(), vector.Headers());
            random.Shuffle(parameters);
            random.Shuffle(headers);

            Assert.Equal(vector.Authorization, Acs3Signer.Sign(parameters, headers, vector.Credentials).Authorization);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("AZaz09-_.~", "AZaz09-_.~")]
    [InlineData(" ", "%20")]
    [InlineData("+", "%2B")]
    [InlineData("*", "%2A")]
    [InlineData("%20", "%2520")]
    [InlineData("!'()", "%21%27%28%29")]
    [InlineData("a=b&c;d", "a%3Db%26c%3Bd")]
    [InlineData("/?#:@", "%2F%3F%23%3A%40")]
    [InlineData("\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D")]
    [InlineData("\t\r\n\u007F", "%09%0D%0A%7F")]
    [InlineData("é", "%C3%A9")]
    [InlineData("a云b", "a%E4%BA%91b")]
    [InlineData("😀", "%F0%9F%98%80")]
    public void Sign_ReservedCharacters_ArePercentEncoded(string text, string encoded)
    {
        Assert.Equal($"Name={encoded}", QueryOf(new Acs3Parameter("Name", text)));
        Assert.Equal($"{encoded}=", QueryOf(new Acs3Parameter(text, "")));
    }

    [Fact]
    public void Sign_UnsortedParameters_AreSortedByOrdinalName() =>
        Assert.Equal("A=4&B=2&a=3&a.1=5&a.10=7&a.2=6&b=1", QueryOf(
            new("b", "1"), new("B", "2"), new("a", "3"), new("A", "4"),
            new("a.1", "5"), new("a.2", "6"), new("a.10", "7")));

    [Fact]
    public void CanonicalRequest_HeaderValueWithWhiteSpace_IsTrimmedOnly()
    {
        var canonical = Acs3Signer.CanonicalRequest(
            [], [new("x-acs-b", "  two  words\t"), new("host", "h"), new("x-acs-a", "")]);

        Assert.Equal(
            $"POST\n/\n\nhost:h\nx-acs-a:\nx-acs-b:two  words\n\nhost;x-acs-a;x-acs-b\n{Sha256("")}", canonical);
    }

    [Fact]
    public void Sign_LoneSurrogate_IsEncodedAsReplacementCharacter() =>
        Assert.Equal("Name=%EF%BF%BD", QueryOf(new Acs3Parameter("Name", "\ud800")));

    private static string QueryOf(params Acs3Parameter[] parameters) =>
        Acs3Signer.Sign(parameters, [new("host", "h")], new AlibabaCredentials("id", "secret")).Query;

    private static string Sha256(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
