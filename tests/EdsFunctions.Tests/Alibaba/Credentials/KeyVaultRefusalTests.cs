namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>A vault that answers and says no is not away: that is how a key is taken out of use.</summary>
public sealed class KeyVaultRefusalTests
{
    private const string Value = "3xAmPl3-s3cr3t";

    /// <summary>What the vault says, and the line for the operator.</summary>
    private static Dictionary<string, (VaultReply Reply, string Line)> Ways { get; } = new()
    {
        ["missing"] = (VaultReply.NoSuchSecret, "Key Vault localhost has no secret alibaba-credentials."),
        ["disabled"] = (VaultReply.Disabled, "The secret alibaba-credentials in Key Vault localhost is disabled."),
        ["forbidden"] = (
            VaultReply.Forbidden,
            "Key Vault localhost does not let this identity read the secret alibaba-credentials: "
            + "it needs the role Key Vault Secrets User."),
        ["bad request"] = (
            VaultReply.Error(400, "BadParameter"),
            "Key Vault localhost refused the request for the secret alibaba-credentials (400)."),
        ["bad token"] = (
            VaultReply.Error(401, "Unauthorized"),
            "Key Vault localhost refused the request for the secret alibaba-credentials (401)."),
        ["not JSON"] = (
            VaultReply.Secret($"LTAI-example:{Value}"),
            "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret."),
        ["broken JSON"] = (
            VaultReply.Secret($$"""{"accessKeyId":"LTAI-example","accessKeySecret":"{{Value}}" """),
            "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret."),
        ["lacks a field"] = (
            VaultReply.Secret($$"""{"accessKeySecret":"{{Value}}"}"""),
            "The secret alibaba-credentials in the vault lacks the field accessKeyId, a text that is not empty."),
        ["malformed field"] = (
            VaultReply.Key("LTAI-example", $"{Value}\n"),
            "The secret alibaba-credentials in the vault cannot be used: "
            + "The Alibaba access key secret is empty or has characters other than visible ASCII."),
    };

    public static TheoryData<string> Refusals => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_is_one_clear_line_without_the_value(string way)
    {
        await using var vault = await RunningVault.StartAsync(Ways[way].Reply);

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());

        Assert.Equal(Ways[way].Line, refusal.Message);
        Assert.Null(refusal.InnerException);
        Assert.Equal($"The credentials could not be read: {Ways[way].Line}", Assert.Single(vault.Logged(202)).Text);
        Assert.DoesNotContain(Value, refusal.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(vault.Log.Entries, entry => entry.Text.Contains(Value, StringComparison.Ordinal));
        Assert.DoesNotContain(vault.Log.Entries, entry => entry.Text.Contains("VAULT-MESSAGE", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task It_passes_by_itself_once_someone_has_put_it_right(string way)
    {
        await using var vault = await RunningVault.StartAsync(Ways[way].Reply);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
        vault.Vault.Reply = VaultReply.Key("LTAI-example", Value);
        vault.Time.Advance(RunningVault.Pause);

        Assert.Equal("LTAI-example", (await vault.GetAsync()).AccessKeyId);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_was_read_before_does_not_serve_on(string way)
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("LTAI-example", Value));
        await vault.GetAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = Ways[way].Reply;

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());

        Assert.Equal(Ways[way].Line, refusal.Message);
        Assert.Empty(vault.Logged(201));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_was_read_before_does_not_serve_the_next_caller_either(string way)
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("LTAI-example", Value));
        await vault.GetAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = Ways[way].Reply;
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());

        Assert.Equal(Ways[way].Line, refusal.Message);
    }

    [Fact]
    public async Task What_was_taken_out_of_use_does_not_come_back_when_the_vault_goes_away()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("LTAI-example", Value));
        await vault.GetAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = VaultReply.Disabled;
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
        vault.Vault.Reply = VaultReply.Broken;
        vault.Time.Advance(RunningVault.Pause);

        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_refresh_says_the_same(string way)
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("LTAI-example", Value));
        var refused = await vault.GetAsync();
        vault.Vault.Reply = Ways[way].Reply;

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.RefreshAsync(refused));

        Assert.Equal(Ways[way].Line, refusal.Message);
    }
}
