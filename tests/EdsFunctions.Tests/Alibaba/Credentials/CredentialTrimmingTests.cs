namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>White space around a key is ignored, whatever the source.</summary>
public sealed class CredentialTrimmingTests
{
    private static readonly AlibabaCredentials Expected = new("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-token");

    [Fact]
    public async Task Environment_KeyInWhiteSpace_IsTrimmed()
    {
        var source = new EnvironmentCredentialSource(new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "LTAI-example\n",
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = " 3xAmPl3-s3cr3t\r\n",
                ["ALIBABA_CLOUD_SECURITY_TOKEN"] = "\tCAIS-token",
            }).Build());

        Assert.Equal(Expected, await source.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Secret_KeyInWhiteSpace_IsTrimmed() => Assert.Equal(Expected, CredentialsSecret.Parse(
        "alibaba-credentials",
        """
        {
          "accessKeyId": "LTAI-example\n", "accessKeySecret": " 3xAmPl3-s3cr3t\r\n", "securityToken": "\tCAIS-token"
        }
        """));
}
