namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class CredentialsSecretTests
{
    private const string NotAnObject =
        "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret.";

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
    [InlineData("")]
    [InlineData("3xAmPl3-s3cr3t")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"")]
    [InlineData("{'accessKeyId':'LTAI-example','accessKeySecret':'3xAmPl3-s3cr3t'}")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"} trailing")]
    [InlineData("\"3xAmPl3-s3cr3t\"")]
    [InlineData("[\"LTAI-example\",\"3xAmPl3-s3cr3t\"]")]
    [InlineData("null")]
    public void A_value_that_is_no_JSON_object_is_said_to_be_none(string value) => ShouldRefuse(value, NotAnObject);

    [Theory]
    [InlineData("{\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", "accessKeyId")]
    [InlineData("{\"accessKeyId\":null,\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", "accessKeyId")]
    [InlineData("{\"AccessKeyId\":\"LTAI-example\",\"AccessKeySecret\":\"3xAmPl3-s3cr3t\"}", "accessKeyId")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\"}", "accessKeySecret")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"\"}", "accessKeySecret")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":42}", "accessKeySecret")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":[\"3xAmPl3-s3cr3t\"]}", "accessKeySecret")]
    public void A_field_that_is_missing_is_named(string value, string field) =>
        ShouldRefuse(value, $"The secret alibaba-credentials in the vault lacks the field {field}, a text that is not empty.");

    [Theory]
    [InlineData("{\"accessKeyId\":\"LTAI example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}", "access key id")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\\n\"}", "access key secret")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s\u00E9cr3t\"}", "access key secret")]
    [InlineData("{\"accessKeyId\":\"LTAI-ex\",\"accessKeySecret\":\"3xAmPl3\",\"securityToken\":\"a b\"}", "security token")]
    public void A_field_with_characters_that_no_key_has_is_named(string value, string part) => ShouldRefuse(
        value,
        "The secret alibaba-credentials in the vault cannot be used: "
        + $"The Alibaba {part} is empty or has characters other than visible ASCII.");

    /// <summary>Well-formed JSON that no text can be made of.</summary>
    [Theory]
    [InlineData("{\"accessKeyId\":\"\\ud800\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}")]
    [InlineData("{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\\udc00\"}")]
    public void Half_a_character_is_malformed_like_any_other(string value) =>
        ShouldRefuse(value, "The secret alibaba-credentials in the vault");

    private static AlibabaCredentials Parse(string value) => CredentialsSecret.Parse("alibaba-credentials", value);

    private static void ShouldRefuse(string value, string message)
    {
        var refusal = Assert.Throws<CredentialsUnavailableException>(() => Parse(value));
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", refusal.Message, StringComparison.Ordinal);
        Assert.Null(refusal.InnerException);
        Assert.DoesNotContain("3xAmPl3", refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("LTAI", refusal.ToString(), StringComparison.Ordinal);
    }
}
