namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// The vault is read when there is a reason to, and once for all who have it. While it is unavailable, what was read before is served
/// for a while; a vault that answers and says no is not unavailable, since that is how a key is taken out of use.
/// </summary>
public sealed class KeyVaultCredentialSourceTests
{
    private const string Value = "3xAmPl3-s3cr3t";

    private static readonly AlibabaCredentials First = new("first", "first-secret");
    private static readonly AlibabaCredentials Second = new("second", "second-secret", "second-token");
    private static readonly RawHttpReply FirstKey = VaultReply.Key("first", "first-secret");
    private static readonly RawHttpReply SecondKey = VaultReply.Key("second", "second-secret", "second-token");

    /// <summary>Ways to be unavailable, and what is said of them.</summary>
    private static Dictionary<string, (RawHttpReply Reply, string Line)> Outages { get; } = new()
    {
        ["500"] = (VaultReply.Broken, "Key Vault localhost answered 500."),
        ["429"] = (VaultReply.Error(429, "Throttled", null, ("retry-after-ms", "2")), "Key Vault localhost answered 429."),
        ["408"] = (VaultReply.Error(408, "RequestTimeout"), "Key Vault localhost answered 408."),
        ["not JSON"] = (RawHttpReply.Answers(200, "text/html", "<html>Sign in</html>"), "Key Vault localhost cannot be reached."),
    };

    /// <summary>Ways to say no, and the line for the operator.</summary>
    private static Dictionary<string, (RawHttpReply Reply, string Line)> Refusals { get; } = new()
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
        ["no JSON object"] = (
            VaultReply.Secret($"LTAI-example:{Value}"),
            "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret."),
        ["malformed field"] = (
            VaultReply.Key("LTAI-example", $"{Value}\n{Value}"),
            "The secret alibaba-credentials in the vault cannot be used: "
            + "The Alibaba access key secret is empty or has characters other than visible ASCII."),
    };

    /// <summary>A vault that refuses the identity is asked again before it is believed.</summary>
    public static TheoryData<string> WaysToBeOutOfUse => [.. Refusals.Keys.Except(["forbidden", "bad token"])];

    public static TheoryData<string> WaysToBeUnavailable => [.. Outages.Keys];

    public static TheoryData<string> WaysToRefuse => [.. Refusals.Keys];

    public static TheoryData<string> WaysToFail => [.. Outages.Keys, .. Refusals.Keys];

    [Fact]
    public async Task The_secret_of_the_configured_name_is_read_with_a_token()
    {
        await using var vault = new RunningVault(SecondKey);

        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(["alibaba-credentials"], vault.Vault.Reads);
        Assert.Equal("Key Vault localhost, secret alibaba-credentials", vault.Source.Description);
    }

    [Fact]
    public async Task A_read_serves_for_its_time_and_not_longer()
    {
        await using var vault = new RunningVault(FirstKey);
        await vault.GetAsync();
        vault.Vault.Reply = SecondKey;

        vault.JustBefore(RunningVault.CacheFor);
        Assert.Equal(First, await vault.GetAsync());
        Assert.Equal(1, vault.Reads);

        vault.ThatMoment();
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal("The credentials in the secret alibaba-credentials have changed", Assert.Single(vault.Logged(200)).Message);

        // The same value is no change.
        vault.LetTheCacheExpire();
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(3, vault.Reads);
        Assert.Single(vault.Logged(200));
    }

    [Fact]
    public async Task A_hundred_callers_at_once_are_one_read()
    {
        var release = new TaskCompletionSource();
        await using var vault = new RunningVault(FirstKey);
        vault.Vault.Until = release.Task;
        var callers = Enumerable.Range(0, 100).Select(_ => vault.GetAsync()).ToList();
        await vault.Vault.NextReadAsync();
        Assert.DoesNotContain(callers, caller => caller.IsCompleted);
        release.SetResult();
        Assert.All(await Task.WhenAll(callers), credentials => Assert.Equal(First, credentials));

        var again = new TaskCompletionSource();
        (vault.Vault.Reply, vault.Vault.Until) = (SecondKey, again.Task);
        var refreshes = Enumerable.Range(0, 100).Select(_ => vault.RefreshAsync(First)).ToList();
        Assert.DoesNotContain(refreshes, caller => caller.IsCompleted);
        again.SetResult();
        Assert.All(await Task.WhenAll(refreshes), credentials => Assert.Equal(Second, credentials));

        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_caller_that_comes_late_to_a_read_is_served_by_it()
    {
        await using var vault = await KnownAndExpiredAsync(SecondKey);

        // Sees that the known key is too old; before it asks for a read, one begins and ends.
        vault.Time.OnNextLook(() => vault.GetAsync());
        var late = Task.Run(() => vault.GetAsync(), TestContext.Current.CancellationToken);

        Assert.Equal(Second, await late);
        Assert.Equal(2, vault.Reads);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_read_of_the_others()
    {
        var release = new TaskCompletionSource();
        await using var vault = new RunningVault(FirstKey);
        vault.Vault.Until = release.Task;
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
    public async Task After_a_refusal_by_Alibaba_the_vault_is_read_again_once()
    {
        await using var vault = new RunningVault(FirstKey);
        await vault.GetAsync();
        Assert.Equal(First, await vault.RefreshAsync(First));
        vault.Vault.Reply = SecondKey;
        vault.JustBefore(RunningVault.CacheFor);

        Assert.Equal(Second, await vault.RefreshAsync(First));

        // Another caller was refused with the same key, and the new one is known by now; it is served as long as any.
        Assert.Equal(Second, await vault.RefreshAsync(First));
        vault.JustBefore(RunningVault.CacheFor);
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(3, vault.Reads);
    }

    [Theory]
    [MemberData(nameof(WaysToBeUnavailable))]
    public async Task While_the_vault_is_unavailable_the_known_key_is_served_with_one_warning(string way)
    {
        await using var vault = await KnownAndExpiredAsync(Outages[way].Reply);

        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => vault.GetAsync())),
            credentials => Assert.Equal(First, credentials));

        Assert.All(vault.Logged(201), warning =>
        {
            Assert.Equal(LogLevel.Warning, warning.Level);
            Assert.Equal($"Serving credentials that were read 00:05:00 ago: {Outages[way].Line}", warning.Message);
        });
        Assert.Equal($"The credentials could not be read: {Outages[way].Line}", Assert.Single(vault.Logged(202)).Message);
        ShouldNotLog(vault, "first-secret", FakeKeyVault.Token, "VAULT-MESSAGE");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_vault_that_does_not_answer_or_asks_to_wait_for_long_is_waited_for_briefly(bool hangs)
    {
        await using var vault = await KnownAndExpiredAsync(
            hangs ? RawHttpReply.Hangs : VaultReply.Error(429, "Throttled", null, ("Retry-After", "3600")));

        var get = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        vault.JustBefore(RunningVault.StaleWait);
        Assert.False(get.IsCompleted);
        vault.ThatMoment();

        Assert.Equal(First, await get);
        Assert.EndsWith("Key Vault has not answered yet.", Assert.Single(vault.Logged(201)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_failure_the_vault_is_not_read_for_a_while()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken);
        await vault.GetAsync();
        Assert.Equal(1 + RunningVault.Attempts, vault.Reads);
        vault.Vault.Reply = SecondKey;

        vault.JustBefore(RunningVault.Pause);
        Assert.Equal(First, await vault.GetAsync());
        Assert.Equal(1 + RunningVault.Attempts, vault.Reads);
        Assert.Single(vault.Logged(201));

        vault.ThatMoment();
        Assert.Equal(Second, await vault.GetAsync());
        Assert.Equal(2 + RunningVault.Attempts, vault.Reads);
    }

    [Fact]
    public async Task A_known_key_is_not_served_for_ever()
    {
        await using var vault = await KnownAndExpiredAsync(VaultReply.Broken);
        vault.JustBefore(RunningVault.MaxStale - RunningVault.CacheFor);
        Assert.Equal(First, await vault.GetAsync());

        // Within the pause after a failure, too.
        vault.ThatMoment();
        Assert.Equal("Key Vault localhost answered 500.", await RefusalAsync(vault.GetAsync));
    }

    [Theory]
    [MemberData(nameof(WaysToFail))]
    public async Task A_failure_at_the_start_is_one_line_without_the_value_and_passes_by_itself(string way)
    {
        var (reply, line) = Outages.TryGetValue(way, out var outage) ? outage : Refusals[way];
        await using var vault = new RunningVault(reply);
        Assert.Equal(line, await RefusalAsync(vault.GetAsync));

        // The next caller gets the same at once; after the pause the vault is read again.
        vault.Vault.Reply = FirstKey;
        var reads = vault.Reads;
        vault.JustBefore(RunningVault.Pause);
        Assert.Equal(line, await RefusalAsync(vault.GetAsync));
        Assert.Equal(reads, vault.Reads);
        vault.ThatMoment();
        Assert.Equal(First, await vault.GetAsync());

        Assert.Equal($"The credentials could not be read: {line}", Assert.Single(vault.Logged(202)).Message);
        ShouldNotLog(vault, Value, "VAULT-MESSAGE");
    }

    [Fact]
    public async Task At_the_start_a_vault_that_does_not_answer_is_waited_for_as_long_as_a_read_may_take()
    {
        await using var vault = new RunningVault(RawHttpReply.Hangs);

        var get = vault.GetAsync();
        await vault.Vault.NextReadAsync();
        vault.JustBefore(RunningVault.ReadTimeout);
        Assert.False(get.IsCompleted);
        vault.ThatMoment();
        Assert.Equal("Key Vault localhost cannot be reached.", await RefusalAsync(_ => get));

        // That read is over, so that the next caller does not join it.
        vault.Vault.Reply = FirstKey;
        vault.Time.Advance(RunningVault.Pause);
        Assert.Equal(First, await vault.GetAsync());
    }

    [Fact]
    public async Task A_refresh_while_the_vault_is_unavailable_fails_and_the_known_key_is_served()
    {
        await using var vault = new RunningVault(FirstKey);
        await vault.GetAsync();
        vault.Vault.Reply = VaultReply.Broken;

        Assert.Equal("Key Vault localhost answered 500.", await RefusalAsync(_ => vault.RefreshAsync(First)));
        Assert.Equal(First, await vault.GetAsync());
    }

    [Theory]
    [MemberData(nameof(WaysToBeOutOfUse))]
    public async Task A_key_that_is_out_of_use_is_not_served_any_more(string way)
    {
        await using var vault = await KnownAndExpiredAsync(Refusals[way].Reply);

        Assert.Equal(Refusals[way].Line, await RefusalAsync(vault.GetAsync));
        Assert.Equal(Refusals[way].Line, await RefusalAsync(vault.GetAsync));
        Assert.Equal(Refusals[way].Line, await RefusalAsync(_ => vault.RefreshAsync(First)));

        // Not even if the vault becomes unavailable.
        vault.Vault.Reply = VaultReply.Broken;
        vault.Time.Advance(RunningVault.Pause);
        Assert.Equal("Key Vault localhost answered 500.", await RefusalAsync(vault.GetAsync));
        Assert.Empty(vault.Logged(201));
    }

    private static async Task<RunningVault> KnownAndExpiredAsync(RawHttpReply then)
    {
        var vault = new RunningVault(FirstKey);
        Assert.Equal(First, await vault.GetAsync());
        await vault.Vault.NextReadAsync();
        vault.LetTheCacheExpire();
        vault.Vault.Reply = then;
        return vault;
    }

    private static async Task<string> RefusalAsync(Func<CancellationToken?, Task<AlibabaCredentials>> get)
    {
        var refusal = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => get(null));
        Assert.Null(refusal.InnerException);
        Assert.DoesNotContain(Value, refusal.ToString(), StringComparison.Ordinal);
        return refusal.Message;
    }

    private static void ShouldNotLog(RunningVault vault, params string[] texts) => Assert.All(texts, text => Assert.DoesNotContain(
        vault.Log, (FakeLogRecord entry) => $"{entry.Message} {entry.Exception}".Contains(text, StringComparison.Ordinal)));
}
