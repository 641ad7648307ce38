namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class CredentialsSecretTests
{
    private const string NotAnObject = "is not a JSON object with accessKeyId and accessKeySecret.";
    private const string LacksId = "lacks the field accessKeyId, which must be a non-empty string.";
    private const string LacksSecret = "lacks the field accessKeySecret, which must be a non-empty string.";

    [Theory]
    [InlineData("", null)]
    [InlineData(""","securityToken":null""", null)]
    [InlineData(""","securityToken":"" """, null)]
    [InlineData(""","comment":"by ops","expires":[2027]""", null)]
    [InlineData(""","securityToken":"CAIS-token" """, "CAIS-token")]
    public void Parse_ValidSecret_ReturnsTheCredentials(string more, string? token) => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", token),
        Parse($$"""{"accessKeyId":"LTAI-example","accessKeySecret":"3xAmPl3-s3cr3t"{{more}}}"""));

    [Fact]
    public void Parse_KeyInWhiteSpace_IsTrimmed() => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-token"),
        Parse("""
            {"accessKeyId":"LTAI-example\n","accessKeySecret":" 3xAmPl3-s3cr3t\r\n","securityToken":"\tCAIS-token"}
            """));

    /// <summary>
    /// PowerShell writes files with a byte order mark, and <c>az keyvault secret set --file</c> stores it.
    /// </summary>
    [Fact]
    public void Parse_ByteOrderMark_IsSkipped() => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t"),
        Parse("\uFEFF{\"accessKeyId\":\"LTAI-example\",\"accessKeySecret\":\"3xAmPl3-s3cr3t\"}\r\n"));

    [Theory]
    [InlineData("AccessKeyId", "accessKeyId", "{'AccessKeyId':'LTAI','AccessKeySecret':'3xAmPl3'}")]
    [InlineData("access_key_id", "accessKeyId", "{'access_key_id':'LTAI','access_key_secret':'3xAmPl3'}")]
    [InlineData("AccessKeySecret", "accessKeySecret", "{'accessKeyId':'LTAI','AccessKeySecret':'3xAmPl3'}")]
    [InlineData("accesskeysecret", "accessKeySecret", "{'accessKeyId':'LTAI','accesskeysecret':null}")]
    [InlineData("SecurityToken", "securityToken", "{'accessKeyId':'a','accessKeySecret':'3x','SecurityToken':'t'}")]
    [InlineData("security-token", "securityToken", "{'accessKeyId':'a','accessKeySecret':'3x','security-token':'t'}")]
    public void Parse_OtherSpellingOfAField_ThrowsWithBothSpellings(string found, string field, string value)
    {
        var exception = Assert.Throws<CredentialsUnavailableException>(() => Parse(value.Replace('\'', '"')));

        Assert.Equal(
            $"The secret alibaba-credentials in the vault has the field {found}: rename it to {field}.",
            exception.Message);
    }

    /// <summary><c>\ud800</c> is a lone surrogate.</summary>
    [Theory]
    [InlineData(NotAnObject, "", "3xAmPl3-s3cr3t", "'3xAmPl3-s3cr3t'", "null")]
    [InlineData(NotAnObject, "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3'")]
    [InlineData(NotAnObject, "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3'} x")]
    [InlineData(NotAnObject, "['LTAI-example','3xAmPl3-s3cr3t']")]
    [InlineData(NotAnObject, "{'accessKeyId':'\\ud800','accessKeySecret':'3xAmPl3'}")]
    [InlineData(NotAnObject, "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3\\udc00'}")]
    [InlineData(LacksId, "{'accessKeySecret':'3xAmPl3-s3cr3t'}")]
    [InlineData(LacksId, "{'accessKeyId':null,'accessKeySecret':'3xAmPl3'}")]
    [InlineData(LacksId, "{'accessKeyId':'','AccessKeyId':'LTAI','accessKeySecret':'3xAmPl3'}")]
    [InlineData(LacksId, "{'AccessKey':{'AccessKeyId':'LTAI','AccessKeySecret':'3xAmPl3'}}")]
    [InlineData(LacksSecret, "{'accessKeyId':'LTAI-example'}")]
    [InlineData(LacksSecret, "{'accessKeyId':'LTAI','accessKeySecret':''}")]
    [InlineData(LacksSecret, "{'accessKeyId':'LTAI','accessKeySecret':['3xAmPl3']}")]
    [InlineData(
        "is invalid: The Alibaba access key id is", "{'accessKeyId':'LTAI example','accessKeySecret':'3xAmPl3'}")]
    [InlineData(
        "is invalid: The Alibaba access key secret is", "{'accessKeyId':'LTAI','accessKeySecret':'3xAmPl3\\n3'}")]
    [InlineData(
        "is invalid: The Alibaba security token is",
        "{'accessKeyId':'LTAI','accessKeySecret':'3x','securityToken':'a b'}")]
    public void Parse_InvalidSecret_ThrowsOneLineWithoutTheValue(string message, params string[] values) =>
        Assert.All(values, value =>
        {
            var exception = Assert.Throws<CredentialsUnavailableException>(() => Parse(value.Replace('\'', '"')));

            Assert.StartsWith(
                $"The secret alibaba-credentials in the vault {message}", exception.Message, StringComparison.Ordinal);
            Assert.Null(exception.InnerException);
            Assert.DoesNotMatch("3xAmPl3|LTAI", exception.ToString());
        });

    private static AlibabaCredentials Parse(string value) => CredentialsSecret.Parse("alibaba-credentials", value);
}
