namespace EdsFunctions.Tests.ChatOps;

/// <summary>A bad value is one clear line at start-up, which does not repeat it.</summary>
public sealed class ChatOpsOptionsTests
{
    [Theory]
    [InlineData("ChatOps:Language", "de", "ChatOps:Language must be en or zh-CN.")]
    [InlineData("ChatOps:DefaultRegion", "Hang zhou", "ChatOps:DefaultRegion must be a region such as cn-hangzhou.")]
    [InlineData("ChatOps:Channels:0:Id", "G8PSS9T3V", "ChatOps:Channels:0 must have an Id and a DefaultRegion such as cn-hangzhou.")]
    [InlineData("ChatOps:Slack:Secrets:0", "", "ChatOps:Slack:Secrets:0 is empty.")]
    [InlineData("ChatOps:Slack:Secrets:0", "@Microsoft.KeyVault(VaultName=a;SecretName=b)", "ChatOps:Slack:Secrets:0 is a reference to a vault that could not be resolved.")]
    [InlineData("ChatOps:Teams:Secrets:0", "n0t-base64", "ChatOps:Teams:Secrets:0 is not base64.")]
    [InlineData("ChatOps:DingTalk:Secrets:0", "", "ChatOps:DingTalk:Secrets:0 is empty.")]
    [InlineData("Webhooks:StandardSecrets:0", "whsec_n0t-base64", "Webhooks:StandardSecrets:0 is not base64.")]
    [InlineData("Webhooks:GitHubSecrets:0", "", "Webhooks:GitHubSecrets:0 is empty.")]
    public async Task A_bad_value_is_refused(string key, string value, string line)
    {
        var refusal = await Assert.ThrowsAsync<OptionsValidationException>(() => EdsApp.StartAsync(new() { [key] = value }));

        Assert.Equal(line, Assert.Single(refusal.Failures));
    }
}
