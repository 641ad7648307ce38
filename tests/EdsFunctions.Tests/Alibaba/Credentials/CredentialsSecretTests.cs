namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class CredentialsSecretTests
{
    private const string NotAnObject =
        "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret.";

    /// <summary>Values that cannot be used, and what the operator reads; <c>\ud800</c> is half a surrogate pair.</summary>
    public static TheoryData<string, string> Unusable => new()
    {
        { "", NotAnObject },
        { "3xAmPl3-s3cr3t", NotAnObject },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"", NotAnObject },
        { "{'accessKeyId':'LTAI-example','accessKeySecret':'3xAmPl3-s3cr3t'}", NotAnObject },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"} trailing", NotAnObject },
        { "\"3xAmPl3-s3cr3t\"", NotAnObject },
        { "[\"LTAI-example\",\"3xAmPl3-s3cr3t\"]", NotAnObject },
        { "null", NotAnObject },
        { "{\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", Lacks("accessKeyId") },
        { "{\"accessKeyId\":null,\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", Lacks("accessKeyId") },
        { "{\"AccessKeyId\":\"LTAI-example\",\"AccessKeySecret\":\"3xAmPl3-s3cr3t\"}", Lacks("accessKeyId") },
        { "{\"accessKeyId\":\"LTAI-example\"}", Lacks("accessKeySecret") },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"\"}", Lacks("accessKeySecret") },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":42}", Lacks("accessKeySecret") },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":[\"3xAmPl3-s3cr3t\"]}", Lacks("accessKeySecret") },
        { "{\"accessKeyId\":\"LTAI example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", Malformed("access key id") },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\\n\"}", Malformed("access key secret") },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s\u00E9cr3t\"}", Malformed("access key secret") },
        { "{\"accessKeyId\":\"LTAI-ex\",\"accessKeySecret\":\"3xAmPl3\",\"securityToken\":\"a b\"}", Malformed("security token") },
        { "{\"accessKeyId\":\"\\ud800\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", NotAnObject },
        { "{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\\udc00\"}", NotAnObject },
    };

    [Theory]
    [InlineData("", null)]
    [InlineData(""","securityToken":null""", null)]
    [InlineData(""","securityToken":"" """, null)]
    [InlineData(""","comment":"by ops","expires":[2027]""", null)]
    [InlineData(""","securityToken":"CAIS-token" """, "CAIS-token")]
    public void A_key_has_two_fields_and_a_temporary_key_a_third(string more, string? token) => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", token),
        Parse($$"""{"accessKeyId":"LTAI-example","accessKeySecret":"3xAmPl3-s3cr3t"{{more}}}"""));

    [Theory]
    [MemberData(nameof(Unusable))]
    public void An_unusable_value_is_one_line_that_names_the_part_and_repeats_nothing(string value, string line)
    {
        var refusal = Assert.Throws<CredentialsUnavailableException>(() => Parse(value));

        Assert.Equal(line, refusal.Message);
        Assert.Null(refusal.InnerException);
        Assert.DoesNotMatch("3xAmPl3|LTAI", refusal.ToString());
    }

    private static string Lacks(string field) =>
        $"The secret alibaba-credentials in the vault lacks the field {field}, a text that is not empty.";

    private static string Malformed(string part) =>
        "The secret alibaba-credentials in the vault cannot be used: "
        + $"The Alibaba {part} is empty or has characters other than visible ASCII.";

    private static AlibabaCredentials Parse(string value) => CredentialsSecret.Parse("alibaba-credentials", value);
}
