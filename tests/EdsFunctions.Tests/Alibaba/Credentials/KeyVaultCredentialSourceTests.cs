using System.Reflection;
using Azure.Core;
using Azure.Identity;

namespace EdsFunctions.Tests.Alibaba.Credentials;

public sealed class KeyVaultCredentialSourceTests
{
    private const string Value = "3xAmPl3-s3cr3t";

    private const string NoToken = "Azure issued no token for Key Vault localhost: "
        + "check the app's managed identity or, in Development, run az login.";

    private const string TokenIsLate = "Azure issued no token for Key Vault localhost in time: "
        + "check the app's managed identity or, in Development, how long az account get-access-token takes.";

    private static readonly AlibabaCredentials First = new("first", "first-secret");
    private static readonly AlibabaCredentials Second = new("second", "second-secret", "second-token");
    private static readonly RawHttpReply FirstKey = VaultReply.Key("first", "first-secret");
    private static readonly RawHttpReply SecondKey = VaultReply.Key("second", "second-secret", "second-token");

    /// <summary>Responses of a vault that is unavailable, each with the error message of the app.</summary>
    private static Dictionary<string, (RawHttpReply Reply, string Message)> Outages { get; } = new()
    {
        ["500"] = (VaultReply.Broken, "Key Vault localhost returned 500."),
        ["429"] = (
            VaultReply.Error(429, "Throttled", null, ("retry-after-ms", "2")), "Key Vault localhost returned 429."),
        ["408"] = (VaultReply.Error(408, "RequestTimeout"), "Key Vault localhost returned 408."),
        // The network of the app is rejected: by a firewall, a disabled public endpoint, or a perimeter
        // (Azure-Samples/azuresandbox#429).
        ["firewall"] = (
            VaultReply.Error(403, "Forbidden", "ForbiddenByFirewall"), NetworkDenied("ForbiddenByFirewall")),
        ["private"] = (
            VaultReply.Error(403, "Forbidden", "ForbiddenByConnection"), NetworkDenied("ForbiddenByConnection")),
        ["perimeter"] = (VaultReply.Error(403, "ForbiddenByNsp"), NetworkDenied("ForbiddenByNsp")),
        ["not JSON"] = (
            RawHttpReply.Create(200, "text/html", "<html>Sign in</html>"), "Key Vault localhost cannot be reached."),
    };

    /// <summary>Responses of the vault that revoke the access key, each with the error message of the app.</summary>
    private static Dictionary<string, (RawHttpReply Reply, string Message)> Rejections { get; } = new()
    {
        ["missing"] = (
            VaultReply.NoSuchSecret,
            "Key Vault localhost has no secret alibaba-credentials: create it, or set KeyVault:CredentialsSecretName."),
        ["disabled"] = (
            VaultReply.Disabled,
            "The secret alibaba-credentials in Key Vault localhost is disabled: enable it, or set a new version."),
        ["forbidden"] = (
            VaultReply.Forbidden,
            "Key Vault localhost returned 403 for the secret alibaba-credentials: "
            + "the app's identity lacks the role Key Vault Secrets User."),
        ["bad request"] = (
            VaultReply.Error(400, "BadParameter"),
            "Key Vault localhost returned 400 for the secret alibaba-credentials: "
            + "check KeyVault:CredentialsSecretName."),
        ["bad token"] = (
            VaultReply.Error(401, "Unauthorized"),
            "Key Vault localhost returned 401 for the secret alibaba-credentials: "
            + "check that the app's identity is in the vault's tenant."),
        ["no JSON object"] = (
            VaultReply.Secret($"LTAI-example:{Value}"),
            "The secret alibaba-credentials in the vault is not a JSON object with accessKeyId and accessKeySecret."),
        ["malformed field"] = (
            VaultReply.Key("LTAI-example", $"{Value}\n{Value}"),
            "The secret alibaba-credentials in the vault is invalid: "
            + "The Alibaba access key secret is empty or contains characters other than visible ASCII."),
    };

    public static TheoryData<string> OutageNames => [.. Outages.Keys];

    /// <summary>
    /// The responses that revoke the access key at once. The others revoke it only if the vault repeats them.
    /// </summary>
    public static TheoryData<string> RevocationNames => [.. Rejections.Keys.Except(["forbidden", "bad token"])];

    public static TheoryData<string> FailureNames => [.. Outages.Keys, .. Rejections.Keys];

    public static TheoryData<Exception> TokenFailures =>
    [
        new CredentialUnavailableException("Please run 'az login'."),
        new AuthenticationFailedException("IDENTITY-MESSAGE"),
        new HttpRequestException("IDENTITY-MESSAGE"),
    ];

    [Fact]
    public async Task Get_VersionOfTheSecret_MeasuresItsCreationAndItsExpiryIfItHasOne()
    {
        const string Key = """{"accessKeyId":"first","accessKeySecret":"first-secret"}""";
        const long ExpiresAt = 1800000000;
        await using var fixture = new CredentialSourceFixture(VaultReply.Secret(Key, ExpiresAt));
        using var metrics = new CapturedMetrics(fixture.Services);
        _ = fixture.Source;
        Assert.Null(metrics.Gauge("eds.credentials.created"));

        await fixture.GetAsync();
        Assert.Equal(VaultReply.CreatedAt, metrics.Gauge("eds.credentials.created"));
        Assert.Equal(ExpiresAt, metrics.Gauge("eds.credentials.expires"));

        fixture.Vault.Reply = VaultReply.Secret(Key);
        fixture.ExpireCache();
        await fixture.GetAsync();
        Assert.Equal(VaultReply.CreatedAt, metrics.Gauge("eds.credentials.created"));
        Assert.Null(metrics.Gauge("eds.credentials.expires"));
    }

    [Fact]
    public async Task Get_FirstTime_ReadsTheConfiguredSecretWithAToken()
    {
        await using var fixture = new CredentialSourceFixture(SecondKey);

        Assert.Equal(Second, await fixture.GetAsync());
        Assert.Equal(["alibaba-credentials"], fixture.Vault.Reads);
        Assert.Equal("Key Vault localhost, secret alibaba-credentials", fixture.Source.Description);
    }

    [Fact]
    public async Task Get_CacheExpires_ReadsAgainAndLogsAChange()
    {
        await using var fixture = new CredentialSourceFixture(FirstKey);
        await fixture.GetAsync();
        fixture.Vault.Reply = SecondKey;

        fixture.AdvanceToJustBefore(CredentialSourceFixture.CacheFor);
        Assert.Equal(First, await fixture.GetAsync());
        Assert.Equal(1, fixture.Reads);

        fixture.AdvancePast();
        Assert.Equal(Second, await fixture.GetAsync());
        Assert.Equal(
            "The secret alibaba-credentials has a new Alibaba access key, and the app uses it from now on",
            Assert.Single(fixture.Logged(200)).Message);

        // The secret has the same value as before.
        fixture.ExpireCache();
        Assert.Equal(Second, await fixture.GetAsync());
        Assert.Equal(3, fixture.Reads);
        Assert.Single(fixture.Logged(200));
    }

    [Fact]
    public async Task GetAndRefresh_HundredConcurrentCallers_ReadOnce()
    {
        var release = new TaskCompletionSource();
        await using var fixture = new CredentialSourceFixture(FirstKey);
        fixture.Vault.RespondAfter = release.Task;
        var callers = Enumerable.Range(0, 100).Select(_ => fixture.GetAsync()).ToList();
        await fixture.Vault.NextReadAsync();
        Assert.DoesNotContain(callers, caller => caller.IsCompleted);
        release.SetResult();
        Assert.All(await Task.WhenAll(callers), credentials => Assert.Equal(First, credentials));

        var again = new TaskCompletionSource();
        (fixture.Vault.Reply, fixture.Vault.RespondAfter) = (SecondKey, again.Task);
        var refreshes = Enumerable.Range(0, 100).Select(_ => fixture.RefreshAsync(First)).ToList();
        Assert.DoesNotContain(refreshes, caller => caller.IsCompleted);
        again.SetResult();
        Assert.All(await Task.WhenAll(refreshes), credentials => Assert.Equal(Second, credentials));

        Assert.Equal(2, fixture.Reads);
    }

    [Fact]
    public async Task Get_AnotherReadEndsMeanwhile_UsesItsResult()
    {
        await using var fixture = await StartWithExpiredKeyAsync(SecondKey);

        // A caller finds that the cache has expired. Before it starts a read, the read of another caller begins and
        // ends.
        fixture.Time.OnNextTimestamp(() => fixture.GetAsync());
        var late = Task.Run(() => fixture.GetAsync(), TestContext.Current.CancellationToken);

        Assert.Equal(Second, await late);
        Assert.Equal(2, fixture.Reads);
    }

    [Fact]
    public async Task Get_OneCallerCancels_DoesNotCancelTheReadOfOthers()
    {
        var release = new TaskCompletionSource();
        await using var fixture = new CredentialSourceFixture(FirstKey);
        fixture.Vault.RespondAfter = release.Task;
        using var cancellation = new CancellationTokenSource();

        var cancelled = fixture.GetAsync(cancellation.Token);
        var waiting = fixture.GetAsync();
        await fixture.Vault.NextReadAsync();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        release.SetResult();

        Assert.Equal(First, await waiting);
        Assert.Equal(1, fixture.Reads);
    }

    [Fact]
    public async Task Refresh_KeyRejected_ReadsOnceAndServesOthersFromTheCache()
    {
        await using var fixture = new CredentialSourceFixture(FirstKey);
        await fixture.GetAsync();
        Assert.Equal(First, await fixture.RefreshAsync(First));
        fixture.Vault.Reply = SecondKey;
        fixture.AdvanceToJustBefore(CredentialSourceFixture.CacheFor);

        Assert.Equal(Second, await fixture.RefreshAsync(First));

        // Another caller whose key was rejected gets the new key from the cache, which expires after the usual time.
        Assert.Equal(Second, await fixture.RefreshAsync(First));
        fixture.AdvanceToJustBefore(CredentialSourceFixture.CacheFor);
        Assert.Equal(Second, await fixture.GetAsync());
        Assert.Equal(3, fixture.Reads);
    }

    [Theory]
    [MemberData(nameof(OutageNames))]
    public async Task Get_VaultIsUnavailable_ReturnsTheStaleKeyAndLogsOneError(string outage)
    {
        await using var fixture = await StartWithExpiredKeyAsync(Outages[outage].Reply);

        Assert.All(
            await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => fixture.GetAsync())),
            credentials => Assert.Equal(First, credentials));

        Assert.All(fixture.Logged(201), warning =>
        {
            Assert.Equal(LogLevel.Warning, warning.Level);
            Assert.Equal(
                "The Alibaba access key could not be read again, so the app uses the one that it read 00:05:00 ago: "
                + Outages[outage].Message,
                warning.Message);
        });
        Assert.Equal(
            $"The Alibaba access key could not be read: {Outages[outage].Message}",
            Assert.Single(fixture.Logged(202)).Message);

        // The outage persists.
        for (var reads = 1; reads < 3; reads++)
        {
            fixture.Time.Advance(CredentialSourceFixture.Pause);
            Assert.Equal(First, await fixture.GetAsync());
        }

        Assert.Equal(3, fixture.Logged(202).Count);
        ShouldNotLog(fixture, "first-secret", FakeKeyVault.Token, "VAULT-MESSAGE");
    }

    /// <summary>
    /// <c>az</c> returns no token: it needs a sign-in, or more time than the app waits (Azure/azure-cli#29329).
    /// </summary>
    [Theory]
    [MemberData(nameof(TokenFailures))]
    public async Task Get_TokenFails_BlamesTheIdentity(Exception failure)
    {
        await using var fixture = new CredentialSourceFixture(FirstKey);
        fixture.Vault.GetToken = _ => throw failure;

        Assert.Equal(NoToken, await ErrorAsync(fixture.GetAsync));
        ShouldNotLog(fixture, "IDENTITY-MESSAGE");

        fixture.Vault.GetToken = _ => Task.FromResult(ExpiredToken);
        fixture.Time.Advance(CredentialSourceFixture.Pause);
        Assert.Equal(First, await fixture.GetAsync());
        fixture.ExpireCache();
        fixture.Vault.GetToken = _ => throw failure;
        Assert.Equal(First, await fixture.GetAsync());
        Assert.EndsWith(NoToken, Assert.Single(fixture.Logged(201)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TokenIsLate_BlamesTheIdentity()
    {
        // Use a host name that no other test uses: the Azure client then gets the first token only after a challenge,
        // and the second one before the request.
        await using var fixture = new CredentialSourceFixture(FirstKey, vaultHost: "late.localhost");
        var late = TokenIsLate.Replace("localhost", "late.localhost", StringComparison.Ordinal);
        var asked = HangAtTheToken(fixture);
        var get = fixture.GetAsync();
        await asked;
        fixture.Time.Advance(CredentialSourceFixture.ReadTimeout);
        Assert.Equal(late, await ErrorAsync(_ => get));

        fixture.Vault.GetToken = _ => Task.FromResult(ExpiredToken);
        fixture.Time.Advance(CredentialSourceFixture.Pause);
        Assert.Equal(First, await fixture.GetAsync());
        fixture.ExpireCache();
        asked = HangAtTheToken(fixture);
        get = fixture.GetAsync();
        await asked;
        fixture.Time.Advance(CredentialSourceFixture.StaleWait);
        Assert.Equal(First, await get);
        Assert.EndsWith(late, Assert.Single(fixture.Logged(201)).Message, StringComparison.Ordinal);
    }

    /// <summary>The first call of <c>az</c> can take 13 s: Azure/azure-cli#29329.</summary>
    [Fact]
    public async Task Get_TokenTakesLongInDevelopment_ReturnsTheKey()
    {
        await using var fixture = new CredentialSourceFixture(FirstKey, Environments.Development);
        var (asked, token) = (new TaskCompletionSource(), new TaskCompletionSource<AccessToken>());
        fixture.Vault.GetToken = cancel =>
        {
            asked.SetResult();
            return token.Task.WaitAsync(cancel);
        };

        var get = fixture.GetAsync();
        await asked.Task.WithTimeoutAsync();
        fixture.AdvanceToJustBefore(CredentialSourceFixture.DevelopmentWait);
        var late = fixture.GetAsync();
        fixture.AdvancePast();
        Assert.Equal(TokenIsLate, await ErrorAsync(_ => get));

        // The developer tool still has the rest of its 30 s. Its token serves later callers.
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        token.SetResult(new AccessToken(FakeKeyVault.Token, DateTimeOffset.MaxValue));
        Assert.Equal(First, await late);
        Assert.Equal(1, fixture.Reads);
    }

    [Fact]
    public async Task Get_ServerOfAnotherDomain_BlamesTheSetting()
    {
        await using var fixture = new CredentialSourceFixture(FirstKey, isTrusted: false);

        Assert.Equal(
            "Key Vault localhost is not an Azure Key Vault: check KeyVault:Uri.", await ErrorAsync(fixture.GetAsync));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_VaultIsSlow_ReturnsTheStaleKeyAfterAShortWait(bool hangs)
    {
        await using var fixture = await StartWithExpiredKeyAsync(
            hangs ? RawHttpReply.Hangs : VaultReply.Error(429, "Throttled", null, ("Retry-After", "3600")));

        var get = fixture.GetAsync();
        await fixture.Vault.NextReadAsync();
        fixture.AdvanceToJustBefore(CredentialSourceFixture.StaleWait);
        Assert.False(get.IsCompleted);
        fixture.AdvancePast();

        Assert.Equal(First, await get);
        Assert.EndsWith(
            "Key Vault localhost did not respond in time.",
            Assert.Single(fixture.Logged(201)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AfterAFailure_PausesBeforeTheNextRead()
    {
        await using var fixture = await StartWithExpiredKeyAsync(VaultReply.Broken);
        await fixture.GetAsync();
        Assert.Equal(1 + CredentialSourceFixture.Attempts, fixture.Reads);
        fixture.Vault.Reply = SecondKey;

        fixture.AdvanceToJustBefore(CredentialSourceFixture.Pause);
        Assert.Equal(First, await fixture.GetAsync());
        Assert.Equal(1 + CredentialSourceFixture.Attempts, fixture.Reads);
        Assert.Single(fixture.Logged(201));

        fixture.AdvancePast();
        Assert.Equal(Second, await fixture.GetAsync());
        Assert.Equal(2 + CredentialSourceFixture.Attempts, fixture.Reads);
    }

    [Fact]
    public async Task Get_StaleKeyIsTooOld_Throws()
    {
        await using var fixture = await StartWithExpiredKeyAsync(VaultReply.Broken);
        fixture.AdvanceToJustBefore(CredentialSourceFixture.MaxStale - CredentialSourceFixture.CacheFor);
        Assert.Equal(First, await fixture.GetAsync());

        // The same holds in the pause after a failed read.
        fixture.AdvancePast();
        Assert.Equal("Key Vault localhost returned 500.", await ErrorAsync(fixture.GetAsync));
    }

    [Theory]
    [MemberData(nameof(FailureNames))]
    public async Task Get_FirstReadFails_ThrowsOneLineWithoutTheValueAndRecovers(string failure)
    {
        var (reply, message) = Outages.TryGetValue(failure, out var outage) ? outage : Rejections[failure];
        await using var fixture = new CredentialSourceFixture(reply);
        Assert.Equal(message, await ErrorAsync(fixture.GetAsync));

        // During the pause after a failed read, callers get the same error, and the vault is not read.
        fixture.Vault.Reply = FirstKey;
        var reads = fixture.Reads;
        fixture.AdvanceToJustBefore(CredentialSourceFixture.Pause);
        Assert.Equal(message, await ErrorAsync(fixture.GetAsync));
        Assert.Equal(reads, fixture.Reads);
        fixture.AdvancePast();
        Assert.Equal(First, await fixture.GetAsync());

        Assert.Equal(
            $"The Alibaba access key could not be read: {message}", Assert.Single(fixture.Logged(202)).Message);
        ShouldNotLog(fixture, Value, "VAULT-MESSAGE");
    }

    [Fact]
    public async Task Get_FirstReadTimesOut_ThrowsAndTheNextCallerReadsAgain()
    {
        await using var fixture = new CredentialSourceFixture(RawHttpReply.Hangs);

        var get = fixture.GetAsync();
        await fixture.Vault.NextReadAsync();
        fixture.AdvanceToJustBefore(CredentialSourceFixture.ReadTimeout);
        Assert.False(get.IsCompleted);
        fixture.AdvancePast();
        Assert.Equal("Key Vault localhost cannot be reached.", await ErrorAsync(_ => get));

        // The next caller must not join the read that timed out.
        fixture.Vault.Reply = FirstKey;
        fixture.Time.Advance(CredentialSourceFixture.Pause);
        Assert.Equal(First, await fixture.GetAsync());
    }

    [Fact]
    public async Task Refresh_VaultIsUnavailable_ThrowsAndKeepsTheCachedKey()
    {
        await using var fixture = new CredentialSourceFixture(FirstKey);
        await fixture.GetAsync();
        fixture.Vault.Reply = VaultReply.Broken;

        Assert.Equal("Key Vault localhost returned 500.", await ErrorAsync(_ => fixture.RefreshAsync(First)));
        Assert.Equal(First, await fixture.GetAsync());
    }

    [Theory]
    [MemberData(nameof(RevocationNames))]
    public async Task Get_SecretIsRevoked_ThrowsAndDropsTheCachedKey(string revocation)
    {
        var (reply, message) = Rejections[revocation];
        await using var fixture = await StartWithExpiredKeyAsync(reply);

        Assert.Equal(message, await ErrorAsync(fixture.GetAsync));
        Assert.Equal(2, fixture.Reads);
        Assert.Equal(message, await ErrorAsync(fixture.GetAsync));
        Assert.Equal(message, await ErrorAsync(_ => fixture.RefreshAsync(First)));

        // After a revocation, an outage of the vault does not bring the cached key back.
        fixture.Vault.Reply = VaultReply.Broken;
        fixture.Time.Advance(CredentialSourceFixture.Pause);
        Assert.Equal("Key Vault localhost returned 500.", await ErrorAsync(fixture.GetAsync));
        Assert.Empty(fixture.Logged(201));
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("bad token")]
    public async Task Get_AccessIsDeniedOnce_ReturnsTheCachedKeyDuringThePause(string rejection)
    {
        await using var fixture = await StartWithExpiredKeyAsync(Rejections[rejection].Reply);

        Assert.Equal(First, await fixture.GetAsync());
        fixture.AdvanceToJustBefore(CredentialSourceFixture.Pause);
        Assert.Equal(First, await fixture.GetAsync());
        await ErrorAsync(_ => fixture.RefreshAsync(First));
        Assert.Equal(First, await fixture.GetAsync());

        fixture.Vault.Reply = FirstKey;
        fixture.AdvancePast();
        Assert.Equal(First, await fixture.GetAsync());

        // After a successful read, a rejection counts as a first rejection again.
        fixture.ExpireCache();
        fixture.Vault.Reply = Rejections[rejection].Reply;
        Assert.Equal(First, await fixture.GetAsync());
    }

    [Theory]
    [InlineData("forbidden")]
    [InlineData("bad token")]
    public async Task Get_AccessIsDeniedAfterThePause_ThrowsAndDropsTheCachedKey(string rejection)
    {
        await using var fixture = await StartWithExpiredKeyAsync(Rejections[rejection].Reply);
        Assert.Equal(First, await fixture.GetAsync());
        fixture.Time.Advance(CredentialSourceFixture.Pause);

        Assert.Equal(Rejections[rejection].Message, await ErrorAsync(fixture.GetAsync));

        // After a revocation, an outage of the vault does not bring the cached key back.
        fixture.Vault.Reply = VaultReply.Broken;
        fixture.Time.Advance(CredentialSourceFixture.Pause);
        await ErrorAsync(fixture.GetAsync);
    }

    /// <summary>
    /// Each developer tool has 30 s for a token, because the first call of az can take longer than the default of 13 s
    /// (Azure/azure-cli#29329).
    /// </summary>
    [Fact]
    public void CreateCredential_Development_GivesEachToolThirtySeconds()
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
        var builder = Host.CreateEmptyApplicationBuilder(new() { EnvironmentName = Environments.Development });

        var credential = KeyVaultCredentialSource.CreateCredential(new KeyVaultOptions(), builder.Environment);

        var tools = (TokenCredential[])typeof(ChainedTokenCredential).GetField("_sources", Any)!.GetValue(credential)!;
        Assert.IsType<AzureCliCredential>(tools[0]);
        Assert.All(tools, tool => Assert.Equal(
            TimeSpan.FromSeconds(30), tool.GetType().GetProperty("ProcessTimeout", Any)!.GetValue(tool)));
    }

    private static AccessToken ExpiredToken => new(FakeKeyVault.Token, DateTimeOffset.UnixEpoch);

    private static string NetworkDenied(string reason) =>
        $"Key Vault localhost returned 403 {reason}: its network settings reject the app. "
        + "Allow the app's subnet or IP address.";

    /// <returns>A task that completes when the app asks for the token.</returns>
    private static Task HangAtTheToken(CredentialSourceFixture fixture)
    {
        var asked = new TaskCompletionSource();
        fixture.Vault.GetToken = cancel =>
        {
            asked.TrySetResult();
            return new TaskCompletionSource<AccessToken>().Task.WaitAsync(cancel);
        };
        return asked.Task.WithTimeoutAsync();
    }

    private static async Task<CredentialSourceFixture> StartWithExpiredKeyAsync(RawHttpReply next)
    {
        var fixture = new CredentialSourceFixture(FirstKey);
        Assert.Equal(First, await fixture.GetAsync());
        await fixture.Vault.NextReadAsync();
        fixture.ExpireCache();
        fixture.Vault.Reply = next;
        return fixture;
    }

    private static async Task<string> ErrorAsync(Func<CancellationToken?, Task<AlibabaCredentials>> get)
    {
        var exception = await Assert.ThrowsAsync<CredentialsUnavailableException>(() => get(null));
        Assert.Null(exception.InnerException);
        Assert.DoesNotContain(Value, exception.ToString(), StringComparison.Ordinal);
        return exception.Message;
    }

    private static void ShouldNotLog(CredentialSourceFixture fixture, params string[] texts) => Assert.All(
        texts,
        text => Assert.DoesNotContain(
            fixture.Log,
            (FakeLogRecord entry) => $"{entry.Message} {entry.Exception}".Contains(text, StringComparison.Ordinal)));
}
