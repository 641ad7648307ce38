namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class EnvironmentCredentialSourceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("CAIS-token")]
    public async Task The_variables_of_Alibabas_tools_are_the_credentials(string? token)
    {
        var source = new EnvironmentCredentialSource(Variables("LTAI-example", "3xAmPl3-s3cr3t", token));

        var credentials = await source.GetAsync(TestContext.Current.CancellationToken);

        var expected = new AlibabaCredentials("LTAI-example", "3xAmPl3-s3cr3t", string.IsNullOrEmpty(token) ? null : token);
        Assert.Equal(expected, credentials);
        Assert.Equal(credentials, await source.RefreshAsync(credentials, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("LTAI-example", null)]
    [InlineData("LTAI-example", "")]
    [InlineData(null, "3xAmPl3-s3cr3t")]
    [InlineData("", "3xAmPl3-s3cr3t")]
    public void A_missing_variable_is_one_line_that_says_what_to_set(string? id, string? secret)
    {
        var refusal = Assert.Throws<CredentialsUnavailableException>(
            () => new EnvironmentCredentialSource(Variables(id, secret, null)));

        Assert.Equal(
            "There are no Alibaba credentials: set KeyVault:Uri, or ALIBABA_CLOUD_ACCESS_KEY_ID and "
            + "ALIBABA_CLOUD_ACCESS_KEY_SECRET in the environment.",
            refusal.Message);
    }

    [Fact]
    public void A_malformed_variable_is_not_repeated()
    {
        var refusal = Assert.Throws<CredentialsUnavailableException>(
            () => new EnvironmentCredentialSource(Variables("LTAI-example", "3xAmPl3 s3cr3t", null)));

        Assert.StartsWith("The Alibaba access key secret is empty or has characters", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("3xAmPl3", refusal.ToString(), StringComparison.Ordinal);
    }

    private static IConfiguration Variables(string? id, string? secret, string? token) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = id,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = secret,
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = token,
        }).Build();
}
