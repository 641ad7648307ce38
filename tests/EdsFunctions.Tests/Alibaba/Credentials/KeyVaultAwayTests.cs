namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// While the vault is away what was read before serves on, for a while, and the vault is asked only now and then.
/// </summary>
public sealed class KeyVaultAwayTests
{
    private static readonly AlibabaCredentials Known = new("known", "known-secret");

    /// <summary>Ways to be away, and what is said of them.</summary>
    private static Dictionary<string, (VaultReply Reply, string Reason)> Ways { get; } = new()
    {
        ["500"] = (VaultReply.Broken, "Key Vault localhost answered 500."),
        ["503"] = (VaultReply.Error(503, "ServiceUnavailable"), "Key Vault localhost answered 503."),
        ["429"] = (VaultReply.Error(429, "Throttled", null, ("retry-after-ms", "2")), "Key Vault localhost answered 429."),
        ["408"] = (VaultReply.Error(408, "RequestTimeout"), "Key Vault localhost answered 408."),
        ["not JSON"] = (new VaultReply(200, "<html>Sign in to the network</html>"), "Key Vault localhost cannot be reached."),
    };

    public static TheoryData<string> Away => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Away))]
    public async Task What_was_read_before_serves_on_with_one_warning(string way)
    {
        await using var vault = await KnownAndExpiredAsync(Ways[way].Reply);

        Assert.Equal(Known, await vault.GetAsync());

        var warning = Assert.Single(vault.Logged(201));
        Assert.Equal(LogLevel.Warning, warning.Level);
        Assert.Equal($"Serving credentials that were read 00:05:00 ago: {Ways[way].Reason}", warning.Text);
        Assert.Equal($"The credentials could not be read: {Ways[way].Reason}", Assert.Single(vault.Logged(202)).Text);
        ShouldNotLogKeys(vault);
    }

    [Fact]
    public async Task It_serves_on_while_the_vault_does_not_answer()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Hangs);

        var get = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        vault.JustBefore(RunningVault.StaleWait);
        Assert.False(get.IsCompleted);
        vault.ThatMoment();

        Assert.Equal(Known, await get);
        var warning = Assert.Single(vault.Logged(201));
        Assert.EndsWith("Key Vault has not answered yet.", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_vault_that_asks_to_wait_longer_than_a_read_may_take_is_away()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Error(429, "Throttled", null, ("Retry-After", "3600")));

        var get = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        vault.Time.Advance(RunningVault.ReadTimeout);

        Assert.Equal(Known, await get);
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task It_serves_on_while_nobody_is_at_the_address()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken);
        await vault.Vault.GoAwayAsync();

        Assert.Equal(Known, await vault.GetAsync());
        var warning = Assert.Single(vault.Logged(201));
        Assert.EndsWith("Key Vault localhost cannot be reached.", warning.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failure_the_vault_is_left_alone_for_a_while()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken);
        await vault.GetAsync();
        Assert.Equal(1 + RunningVault.Attempts, vault.Reads);

        vault.JustBefore(RunningVault.Pause);
        Assert.Equal(Known, await vault.GetAsync());
        Assert.Equal(1 + RunningVault.Attempts, vault.Reads);
        Assert.Single(vault.Logged(201));

        vault.ThatMoment();
        Assert.Equal(Known, await vault.GetAsync());
        Assert.Equal(1 + (2 * RunningVault.Attempts), vault.Reads);
        Assert.Equal(2, vault.Logged(201).Count);
    }

    [Fact]
    public async Task When_the_vault_is_back_it_is_read_as_before()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken);
        await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Key("fresh", "fresh-secret");
        vault.Time.Advance(RunningVault.Pause);

        Assert.Equal(new AlibabaCredentials("fresh", "fresh-secret"), await vault.GetAsync());

        var reads = vault.Reads;
        vault.JustBefore(RunningVault.CacheFor);
        await vault.GetAsync();
        Assert.Equal(reads, vault.Reads);
        Assert.Single(vault.Logged(201));
    }

    [Fact]
    public async Task It_does_not_serve_on_for_ever()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("known", "known-secret"));
        await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Broken;

        vault.JustBefore(RunningVault.MaxStale);
        Assert.Equal(Known, await vault.GetAsync());

        // Within the pause after a failure, too.
        vault.ThatMoment();
        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
        Assert.Equal("Key Vault localhost answered 500.", refusal.Message);
    }

    [Theory]
    [MemberData(nameof(Away))]
    public async Task An_outage_at_the_start_is_one_line_and_passes_by_itself(string way)
    {
        await using var vault = await RunningVault.StartAsync(Ways[way].Reply);

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync());
        Assert.Equal(Ways[way].Reason, refusal.Message);
        Assert.Null(refusal.InnerException);

        // The next caller hears the same at once; after the pause the vault is asked again.
        vault.Vault.Reply = VaultReply.Key("known", "known-secret");
        var reads = vault.Reads;
        vault.JustBefore(RunningVault.Pause);
        Assert.Equal(refusal.Message, (await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.GetAsync())).Message);
        Assert.Equal(reads, vault.Reads);
        vault.ThatMoment();
        Assert.Equal(Known, await vault.GetAsync());
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_at_the_start_is_waited_for_as_long_as_a_read_may_take()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Hangs);

        var get = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        vault.JustBefore(RunningVault.ReadTimeout);
        Assert.False(get.IsCompleted);
        vault.ThatMoment();

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => get);
        Assert.Equal("Key Vault localhost cannot be reached.", refusal.Message);

        // That read is over, so that the next caller does not join it.
        vault.Vault.Reply = VaultReply.Key("known", "known-secret");
        vault.Time.Advance(RunningVault.Pause);
        Assert.Equal(Known, await vault.GetAsync());
    }

    [Fact]
    public async Task A_refresh_while_the_vault_is_away_fails_and_the_known_key_serves_on()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("known", "known-secret"));
        var refused = await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Broken;

        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => vault.RefreshAsync(refused));

        Assert.Equal("Key Vault localhost answered 500.", refusal.Message);
        Assert.Equal(Known, await vault.GetAsync());
    }

    [Fact]
    public async Task A_hundred_callers_at_once_wait_for_one_failure()
    {
        var release = new TaskCompletionSource();
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken with { Until = release.Task });

        var callers = Enumerable.Range(0, 100).Select(_ => vault.GetAsync()).ToList();
        release.SetResult();

        Assert.All(await Task.WhenAll(callers), credentials => Assert.Equal(Known, credentials));
        Assert.Equal(1 + RunningVault.Attempts, vault.Reads);
        Assert.Single(vault.Logged(202));
    }

    private static async Task<RunningVault> KnownAndExpiredAsync(VaultReply then)
    {
        var vault = await RunningVault.StartAsync(VaultReply.Key("known", "known-secret"));
        Assert.Equal(Known, await vault.GetAsync());
        await vault.Vault.NextReadAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = then;
        return vault;
    }

    private static void ShouldNotLogKeys(RunningVault vault) => Assert.DoesNotContain(
        vault.Log.Entries,
        entry => entry.Text.Contains("known-secret", StringComparison.Ordinal)
            || entry.Text.Contains(StaticToken.Value, StringComparison.Ordinal)
            || entry.Text.Contains("VAULT-MESSAGE", StringComparison.Ordinal));
}
