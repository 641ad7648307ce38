namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class CredentialsSecretTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData(""","securityToken":null""", null)]
    [InlineData(""","securityToken":"" """, null)]
    [InlineData(""","comment":"by ops","expires":[2027]""", null)]
    [InlineData(""","securityToken":"CAIS-token" """, "CAIS-token")]
    public void A_key_has_two_fields_and_a_temporary_key_a_third(string more, string? token) => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", token),
        Parse($$"""{"accessKeyId":"LTAI-example","accessKeySecret":"3xAmPl3-s3cr3t"{{more}}}"""));

    /// <summary><c>\ud800</c> is half a surrogate pair.</summary>
    [Theory]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "", "3xAmPl3-s3cr3t", "'3xAmPl3-s3cr3t'", "null")]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3'")]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3'} x")]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "['LTAI-example','3xAmPl3-s3cr3t']")]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "{'accessKeyId':'\\ud800','accessKeySecret':'3xAmPl3'}")]
    [InlineData("is not a JSON object with accessKeyId and accessKeySecret.", "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3\\udc00'}")]
    [InlineData("lacks the field accessKeyId, a text that is not empty.", "{'accessKeySecret':'3xAmPl3-s3cr3t'}")]
    [InlineData("lacks the field accessKeyId, a text that is not empty.", "{'accessKeyId':null,'accessKeySecret':'3xAmPl3'}")]
    [InlineData("lacks the field accessKeyId, a text that is not empty.", "{'AccessKeyId':'LTAI','AccessKeySecret':'3xAmPl3'}")]
    [InlineData("lacks the field accessKeySecret, a text that is not empty.", "{'accessKeyId':'LTAI-example'}")]
    [InlineData("lacks the field accessKeySecret, a text that is not empty.", "{'accessKeyId':'LTAI','accessKeySecret':''}")]
    [InlineData("lacks the field accessKeySecret, a text that is not empty.", "{'accessKeyId':'LTAI','accessKeySecret':['3xAmPl3']}")]
    [InlineData("cannot be used: The Alibaba access key id is", "{'accessKeyId':'LTAI example','accessKeySecret':'3xAmPl3'}")]
    [InlineData("cannot be used: The Alibaba access key secret is", "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3\\n3'}")]
    [InlineData("cannot be used: The Alibaba security token is", "{'accessKeyId':'LTAI','accessKeySecret':'3x','securityToken':'a b'}")]
    public void An_unusable_value_is_one_line_that_names_the_part_and_repeats_nothing(string line, params string[] values) =>
        Assert.All(values, value =>
        {
            var refusal = Assert.Throws<CredentialsUnavailableException>(() => Parse(value.Replace('\'', '"')));

            Assert.StartsWith($"The secret alibaba-credentials in the vault {line}", refusal.Message, StringComparison.Ordinal);
            Assert.Null(refusal.InnerException);
            Assert.DoesNotMatch("3xAmPl3|LTAI", refusal.ToString());
        });

    private static AlibabaCredentials Parse(string value) => CredentialsSecret.Parse("alibaba-credentials", value);
}
