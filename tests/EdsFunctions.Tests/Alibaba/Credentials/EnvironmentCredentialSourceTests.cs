namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class EnvironmentCredentialSourceTests
{
    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("CAIS-token", "CAIS-token")]
    public async Task Get_VariablesAreSet_ReturnsThem(string? variable, string? token)
    {
        var source = Source("LTAI-example", "3xAmPl3-s3cr3t", variable);
        var expected = new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", token);

        Assert.Equal(expected, await source.GetAsync(TestContext.Current.CancellationToken));
        Assert.Equal(expected, await source.RefreshAsync(expected, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("LTAI-example", null, "There are no Alibaba credentials: set KeyVault:Uri, or")]
    [InlineData("LTAI-example", "", "There are no Alibaba credentials: set KeyVault:Uri, or")]
    [InlineData("", "3xAmPl3-s3cr3t", "There are no Alibaba credentials: set KeyVault:Uri, or")]
    [InlineData("LTAI-example", "3xAmPl3 s3cr3t", "The Alibaba access key secret is empty or contains characters")]
    public void Create_VariableIsMissingOrMalformed_ThrowsWithoutTheValue(string? id, string? secret, string message)
    {
        var exception = Assert.Throws<CredentialsUnavailableException>(() => Source(id, secret, null));

        Assert.StartsWith(message, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("3xAmPl3", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_KeyInWhiteSpace_IsTrimmed() => Assert.Equal(
        new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", "CAIS-token"),
        await Source("LTAI-example\n", " 3xAmPl3-s3cr3t\r\n", "\tCAIS-token")
            .GetAsync(TestContext.Current.CancellationToken));

    private static EnvironmentCredentialSource Source(string? id, string? secret, string? token) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = id,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = secret,
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = token,
        }).Build());
}
