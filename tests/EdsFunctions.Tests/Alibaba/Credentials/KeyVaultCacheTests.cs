namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>The vault is read when there is a reason to, and once for all who have it.</summary>
public sealed class KeyVaultCacheTests
{
    private static readonly AlibabaCredentials First = new("first", "first-secret");
    private static readonly AlibabaCredentials Second = new("second", "second-secret", "second-token");

    [Fact]
    public async Task The_secret_of_the_configured_name_is_read_with_a_token()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("second", "second-secret", "second-token"));

        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(["alibaba-credentials"], vault.Vault.Reads);
        Assert.Equal("Key Vault localhost, secret alibaba-credentials", vault.Source.Description);
    }

    [Fact]
    public async Task A_read_serves_for_its_time_and_not_longer()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Key("second", "second-secret", "second-token");

        vault.JustBefore(RunningVault.CacheFor);
        Assert.Equal(First, await vault.GetAsync());
        Assert.Equal(1, vault.Reads);

        vault.ThatMoment();
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(2, vault.Reads);
        Assert.Equal("The credentials in the secret alibaba-credentials have changed", Assert.Single(vault.Logged(200)).Text);

        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_value_that_stayed_the_same_has_not_changed()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        await vault.GetAsync();
        vault.LetTheCacheExpire();
        await vault.GetAsync();

        Assert.Equal(2, vault.Reads);
        Assert.Empty(vault.Logged(200));
    }

    [Fact]
    public async Task A_hundred_callers_at_once_are_one_read()
    {
        var release = new TaskCompletionSource();
        await using var vault = await RunningVault.StartAsync(
            VaultReply.Key("first", "first-secret") with { Until = release.Task });

        var callers = Enumerable.Range(0, 100).Select(_ => vault.GetAsync()).ToList();
        await vault.Vault.NextReadAsync();
        Assert.DoesNotContain(callers, caller => caller.IsCompleted);
        release.SetResult();

        Assert.All(await Task.WhenAll(callers), credentials => Assert.Equal(First, credentials));
        Assert.Equal(1, vault.Reads);
    }

    [Fact]
    public async Task Who_comes_late_to_a_read_is_served_by_it()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        await vault.GetAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = VaultReply.Key("second", "second-secret", "second-token");
        using var look = vault.Time.HoldNextLook();

        // Has seen that what is known is too old; before it asks for a read, one begins and ends.
        var late = Task.Run(() => vault.GetAsync(), TestContext.Current.CancellationToken);
        await look.Reached;
        await vault.GetAsync();
        look.Release();

        Assert.Equal(Second, await late);
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_caller_who_gives_up_does_not_end_the_read_of_the_others()
    {
        var release = new TaskCompletionSource();
        await using var vault = await RunningVault.StartAsync(
            VaultReply.Key("first", "first-secret") with { Until = release.Task });
        using var hasty = new CancellationTokenSource();

        var givesUp = vault.GetAsync(hasty.Token);
        var waits = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        await hasty.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => givesUp);
        release.SetResult();

        Assert.Equal(First, await waits);
        Assert.Equal(1, vault.Reads);
    }

    [Fact]
    public async Task After_a_refusal_by_Alibaba_the_vault_is_read_anew_once()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        var refused = await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Key("second", "second-secret", "second-token");

        Assert.Equal(Second, await vault.RefreshAsync(refused));
        Assert.Equal(2, vault.Reads);

        // Another caller was refused with the same key, and the new one is known by now.
        Assert.Equal(Second, await vault.RefreshAsync(refused));
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task Where_nothing_has_changed_a_refresh_gives_the_same()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        var refused = await vault.GetAsync();

        Assert.Equal(refused, await vault.RefreshAsync(refused));
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_hundred_refreshes_at_once_are_one_read()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        var refused = await vault.GetAsync();
        var release = new TaskCompletionSource();
        vault.Vault.Reply = VaultReply.Key("second", "second-secret", "second-token") with { Until = release.Task };

        var callers = Enumerable.Range(0, 100).Select(_ => vault.RefreshAsync(refused)).ToList();
        Assert.DoesNotContain(callers, caller => caller.IsCompleted);
        release.SetResult();

        Assert.All(await Task.WhenAll(callers), credentials => Assert.Equal(Second, credentials));
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_refresh_begins_a_new_time_of_serving()
    {
        await using var vault = await RunningVault.StartAsync(VaultReply.Key("first", "first-secret"));
        var refused = await vault.GetAsync();
        vault.JustBefore(RunningVault.CacheFor);
        await vault.RefreshAsync(refused);

        vault.JustBefore(RunningVault.CacheFor);
        await vault.GetAsync();

        Assert.Equal(2, vault.Reads);
    }
}
