using System.Security.Cryptography;

namespace EdsFunctions.Tests.Alibaba;

public sealed class Acs3SignerTests
{
    private static readonly AlibabaCredentials Credentials = new("YourAccessKeyId", "YourAccessKeySecret");

    public static TheoryData<string> Vectors => [.. SigningVector.All.Keys];

    public static TheoryData<string> VectorsWithCanonicalRequest =>
        [.. SigningVector.All.Values.Where(vector => vector.CanonicalRequest is not null).Select(vector => vector.Name)];

    [Fact]
    public void There_are_vectors_of_the_vendor_and_of_both_sdks()
    {
        Assert.Equal(6, Vectors.Count);
        Assert.Equal(5, VectorsWithCanonicalRequest.Count);
    }

    [Theory]
    [MemberData(nameof(VectorsWithCanonicalRequest))]
    public void The_canonical_request_is_the_published_one(string name)
    {
        var vector = SigningVector.All[name];

        Assert.Equal(vector.CanonicalRequest, Acs3Signer.CanonicalRequest(vector.Parameters(), vector.Headers()));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_hash_of_the_canonical_request_is_the_published_one(string name)
    {
        var vector = SigningVector.All[name];

        var canonical = Acs3Signer.CanonicalRequest(vector.Parameters(), vector.Headers());

        Assert.Equal(vector.HashedCanonicalRequest, Sha256(canonical));
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_authorization_is_the_published_one(string name)
    {
        var vector = SigningVector.All[name];

        var signature = Acs3Signer.Sign(vector.Parameters(), vector.Headers(), vector.Credentials);

        Assert.Equal(vector.Authorization, signature.Authorization);
    }

    [Theory]
    [MemberData(nameof(VectorsWithCanonicalRequest))]
    public void The_query_to_send_is_the_published_one(string name)
    {
        var vector = SigningVector.All[name];

        Assert.Equal(vector.CanonicalQuery, Acs3Signer.Sign(vector.Parameters(), vector.Headers(), vector.Credentials).Query);
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void The_order_in_which_parameters_and_headers_are_given_does_not_matter(string name)
    {
        var vector = SigningVector.All[name];
        var random = new Random(20200930);
        for (var i = 0; i < 100; i++)
        {
            var parameters = vector.Parameters();
            var headers = vector.Headers();
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
    [InlineData("云", "%E4%BA%91")]
    [InlineData("😀", "%F0%9F%98%80")]
    [InlineData("a云b", "a%E4%BA%91b")]
    public void Values_are_encoded_as_RFC_3986_says(string value, string expected)
    {
        Assert.Equal($"Name={expected}", QueryOf(new Acs3Parameter("Name", value)));
    }

    [Fact]
    public void Names_are_encoded_too() =>
        Assert.Equal("Office%20Site.1=x&OfficeSiteId%5B1%5D=y", QueryOf(new("OfficeSiteId[1]", "y"), new("Office Site.1", "x")));

    [Fact]
    public void Parameters_are_sorted_by_the_bytes_of_their_names() =>
        Assert.Equal("A=4&B=2&a=3&a.1=5&a.10=7&a.2=6&b=1", QueryOf(
            new("b", "1"), new("B", "2"), new("a", "3"), new("A", "4"), new("a.1", "5"), new("a.2", "6"), new("a.10", "7")));

    [Fact]
    public void Without_parameters_the_query_is_empty()
    {
        Assert.Equal("", QueryOf());
        Assert.StartsWith("POST\n/\n\nhost:", Acs3Signer.CanonicalRequest([], [new("host", "h")]), StringComparison.Ordinal);
    }

    [Fact]
    public void Header_values_are_trimmed_and_kept_otherwise()
    {
        var canonical = Acs3Signer.CanonicalRequest([], [new("x-acs-b", "  two  words\t"), new("host", "h"), new("x-acs-a", "")]);

        Assert.Equal($"POST\n/\n\nhost:h\nx-acs-a:\nx-acs-b:two  words\n\nhost;x-acs-a;x-acs-b\n{Sha256("")}", canonical);
    }

    // The buffer on the stack takes 2,048 bytes; these begin below it, at it and beyond it, and outgrow the rented one too.
    [Theory]
    [InlineData("a", "a", 1_500)]
    [InlineData("a", "a", 2_048)]
    [InlineData("a", "a", 10_000)]
    [InlineData("*", "%2A", 682)]
    [InlineData("*", "%2A", 683)]
    [InlineData("*", "%2A", 10_000)]
    [InlineData(" ", "%20", 10_000)]
    [InlineData("云", "%E4%BA%91", 10_000)]
    [InlineData("😀", "%F0%9F%98%80", 10_000)]
    [InlineData("a~ b*云+", "a~%20b%2A%E4%BA%91%2B", 10_000)]
    public void A_value_of_any_length_is_encoded_and_signed(string part, string encodedPart, int times)
    {
        var value = string.Concat(Enumerable.Repeat(part, times));
        var query = $"Empty=&Value={string.Concat(Enumerable.Repeat(encodedPart, times))}&Zone=z";
        Acs3Parameter[] parameters = [new("Zone", "z"), new("Value", value), new("Empty", "")];
        Acs3Parameter[] headers = [new("x-acs-action", "SendVerifyCode"), new("host", "ecd.cn-hangzhou.aliyuncs.com")];
        var canonical = $"POST\n/\n{query}\nhost:ecd.cn-hangzhou.aliyuncs.com\nx-acs-action:SendVerifyCode\n\n"
            + $"host;x-acs-action\n{Sha256("")}";

        Assert.Equal(canonical, Acs3Signer.CanonicalRequest(parameters, headers));
        var signature = Acs3Signer.Sign(parameters, headers, Credentials);

        Assert.Equal(query, signature.Query);
        Assert.Equal(
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action,Signature="
            + HmacSha256("YourAccessKeySecret", $"ACS3-HMAC-SHA256\n{Sha256(canonical)}"),
            signature.Authorization);
    }

    [Fact]
    public void A_security_token_of_any_length_is_signed()
    {
        var token = string.Concat(Enumerable.Repeat("CAIS+/=", 1_000));

        var canonical = Acs3Signer.CanonicalRequest([new("Name", "v")], [new("x-acs-security-token", token), new("host", "h")]);

        Assert.Equal(
            $"POST\n/\nName=v\nhost:h\nx-acs-security-token:{token}\n\nhost;x-acs-security-token\n{Sha256("")}", canonical);
    }

    [Fact]
    public void Signing_on_many_threads_gives_what_signing_on_one_does()
    {
        // A rented buffer that is given back too early or twice shows as a signature of another's bytes.
        Parallel.For(0, 2_000, i =>
        {
            var value = new string((char)('a' + (i % 26)), 10 + (i * 37 % 5_000));
            Assert.Equal($"Value={value}", QueryOf(new Acs3Parameter("Value", value)));
        });
    }

    [Fact]
    public void The_signature_names_the_key_and_tells_nothing_of_the_secret()
    {
        var signature = Acs3Signer.Sign([], [new("host", "h")], Credentials);

        Assert.Contains("Credential=YourAccessKeyId,", signature.Authorization, StringComparison.Ordinal);
        Assert.DoesNotContain("YourAccessKeySecret", signature.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Signing_a_send_allocates_little_more_than_the_two_texts_that_it_returns()
    {
        var vector = SigningVector.All["ak, ExtraInfo compact"];
        var parameters = vector.Parameters();
        var headers = vector.Headers();
        var credentials = vector.Credentials;
        Acs3Signer.Sign(parameters, headers, credentials);

        const int Times = 100;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Times; i++)
        {
            Acs3Signer.Sign(parameters, headers, credentials);
        }

        // 164 characters of query and 241 of authorization are 862 bytes with the headers of the two objects.
        var each = (GC.GetAllocatedBytesForCurrentThread() - before) / Times;
        Assert.InRange(each, 1, 1_100);
    }

    private static string QueryOf(params Acs3Parameter[] parameters) =>
        Acs3Signer.Sign(parameters, [new("host", "ecd.cn-hangzhou.aliyuncs.com")], Credentials).Query;

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string HmacSha256(string key, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text)));
}
