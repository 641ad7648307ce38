namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>A vault that refuses the identity is asked again before it is believed; one that says that the secret is gone is believed.</summary>
public sealed class VaultRefusalTests
{
    private static readonly AlibabaCredentials Known = new("first", "first-secret");
    private static readonly RawHttpReply KnownKey = VaultReply.Key("first", "first-secret");

    private static readonly Dictionary<string, RawHttpReply> Replies = new()
    {
        ["401"] = VaultReply.Error(401, "Unauthorized"),
        ["403"] = VaultReply.Forbidden,
        ["404"] = VaultReply.NoSuchSecret,
        ["disabled"] = VaultReply.Disabled,
    };

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    public async Task Get_RefusedOnce_ServesTheKnownKeyThroughThePause(string refusal)
    {
        await using var vault = await KnownAndExpiredAsync(refusal);

        Assert.Equal(Known, await vault.GetAsync());
        vault.JustBefore(RunningVault.Pause);
        Assert.Equal(Known, await vault.GetAsync());
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.RefreshAsync(Known));
        Assert.Equal(Known, await vault.GetAsync());

        vault.Vault.Reply = KnownKey;
        vault.ThatMoment();
        Assert.Equal(Known, await vault.GetAsync());

        // A refusal after a success is the first one again.
        vault.LetTheCacheExpire();
        vault.Vault.Reply = Replies[refusal];
        Assert.Equal(Known, await vault.GetAsync());
    }

    [Theory]
    [InlineData("401")]
    [InlineData("403")]
    public async Task Get_RefusedAgainAfterThePause_ServesTheKnownKeyNoMore(string refusal)
    {
        await using var vault = await KnownAndExpiredAsync(refusal);
        Assert.Equal(Known, await vault.GetAsync());
        vault.Time.Advance(RunningVault.Pause);

        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());

        // Not even if the vault becomes unavailable.
        vault.Vault.Reply = VaultReply.Broken;
        vault.Time.Advance(RunningVault.Pause);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
    }

    [Theory]
    [InlineData("404")]
    [InlineData("disabled")]
    public async Task Get_SecretGoneOrDisabled_ServesTheKnownKeyNoMoreAtOnce(string reply)
    {
        await using var vault = await KnownAndExpiredAsync(reply);

        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
        Assert.Equal(2, vault.Reads);
        await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
    }

    private static async Task<RunningVault> KnownAndExpiredAsync(string then)
    {
        var vault = new RunningVault(KnownKey);
        Assert.Equal(Known, await vault.GetAsync());
        vault.LetTheCacheExpire();
        vault.Vault.Reply = Replies[then];
        return vault;
    }
}
