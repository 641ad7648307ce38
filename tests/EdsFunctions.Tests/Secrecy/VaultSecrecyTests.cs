using EdsFunctions.Tests.Alibaba.Credentials;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>Whatever the vault answers, neither the secret in it, nor a part of it, nor the token for it is seen.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class VaultSecrecyTests
{
    private static readonly string Good = JsonSerializer.Serialize(new
    {
        accessKeyId = WatchedApp.AccessKeyId,
        accessKeySecret = WatchedApp.AccessKeySecret,
        securityToken = WatchedApp.SecurityToken,
    });

    /// <summary>Secrets that cannot be used, and answers that are none.</summary>
    private static Dictionary<string, VaultReply> Bad { get; } = new()
    {
        ["not JSON"] = VaultReply.Secret($"{WatchedApp.AccessKeyId}:{WatchedApp.AccessKeySecret}"),
        ["the secret alone"] = VaultReply.Secret(WatchedApp.AccessKeySecret),
        ["a JSON text"] = VaultReply.Secret(JsonSerializer.Serialize(WatchedApp.AccessKeySecret)),
        ["cut"] = VaultReply.Secret(Good[..^5]),
        ["too much"] = VaultReply.Secret(Good + Good),
        ["an array"] = VaultReply.Secret($"[{Good}]"),
        ["half a character"] = VaultReply.Secret(Good.Replace("CAIS", "CAIS\\ud800", StringComparison.Ordinal)),
        ["secret of another type"] =
            VaultReply.Secret($$"""{"accessKeyId":"a","accessKeySecret":["{{WatchedApp.AccessKeySecret}}"]}"""),
        ["secret under another name"] = VaultReply.Secret($$"""{"accessKeyId":"a","{{WatchedApp.AccessKeySecret}}":1}"""),
        ["secret in the wrong place"] = VaultReply.Secret($$"""{"accessKeyId":"{{WatchedApp.AccessKeySecret}}"}"""),
        ["secret with a line end"] = VaultReply.Key("LTAI", WatchedApp.AccessKeySecret + "\n"),
        ["token with a space"] = VaultReply.Key("LTAI", "a", " " + WatchedApp.SecurityToken),
        ["id that is the secret and more"] = VaultReply.Key(WatchedApp.AccessKeySecret + "\u00e9", "a"),
        ["missing"] = VaultReply.NoSuchSecret,
        ["disabled"] = VaultReply.Disabled,
        ["forbidden"] = VaultReply.Forbidden,
        ["broken"] = VaultReply.Broken,
    };

    /// <summary>Answers of something that is not the vault, and that says more than it should.</summary>
    private static Dictionary<string, VaultReply> Echoes { get; } = new()
    {
        ["a page of a proxy"] = new VaultReply(502, $"<h1>{Good} {StaticToken.Value}</h1>"),
        ["a page of a portal"] = new VaultReply(200, $"<h1>{Good} {StaticToken.Value}</h1>"),
        ["an error"] = new VaultReply(
            400, $$"""{"error":{"code":"{{StaticToken.Value}}","message":{{JsonSerializer.Serialize(Good)}} } }"""),
    };

    public static TheoryData<string> WaysToBeBad => [.. Bad.Keys];

    public static TheoryData<string> WaysToEcho => [.. Echoes.Keys];

    [Fact]
    public async Task A_vault_that_answers()
    {
        await using var vault = await KeyVaultStandIn.StartAsync(VaultReply.Secret(Good));
        await using var app = await StartAsync(vault);

        (await app.Api.GetAsync("health")).ShouldBe(200);
        (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]), app.FreshKey())).ShouldBe(201);

        Assert.Single(vault.Reads);
        app.ShouldHaveShownNothing();
    }

    [Theory]
    [MemberData(nameof(WaysToBeBad))]
    public async Task A_vault_that_gives_no_key(string way)
    {
        await using var vault = await KeyVaultStandIn.StartAsync(Bad[way]);
        await using var app = await StartAsync(vault);

        await SendInVainAsync(vault, app, Bad[way]);
    }

    /// <summary>
    /// The Azure client describes an error, with all that came, to a source of activities of its own. The app does not
    /// collect it, which is what is tested here.
    /// </summary>
    [Theory]
    [MemberData(nameof(WaysToEcho))]
    public async Task A_vault_in_the_place_of_which_something_repeats_the_key(string way)
    {
        await using var vault = await KeyVaultStandIn.StartAsync(Echoes[way]);
        await using var app = await StartAsync(vault, ownFilters: true);

        await SendInVainAsync(vault, app, Echoes[way]);
    }

    [Fact]
    public async Task A_key_that_is_rotated()
    {
        const string Old = "oLD/secret+Of-The-Watched.App~a1B=";
        const string OldToken = "old-token/Of+The-Watched.App==";
        await using var vault = await KeyVaultStandIn.StartAsync(VaultReply.Key("LTAI-old", Old, OldToken));
        await using var app = await StartAsync(vault);
        app.Confide("old access key secret", Old);
        app.Confide("old security token", OldToken);
        await app.Api.GetAsync("health");
        vault.Reply = VaultReply.Secret(Good);

        (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[3]), app.FreshKey())).ShouldBe(201);

        Assert.Equal(["InvalidAccessKeyId.NotFound", "OK"], app.Alibaba.Requests.Items.Select(request => request.Outcome));
        Assert.True(app.Logged(200));
        app.ShouldHaveShownNothing();
    }

    [Fact]
    public async Task A_vault_that_nobody_is_at()
    {
        await using var vault = await KeyVaultStandIn.StartAsync(VaultReply.Secret(Good));
        await using var app = await StartAsync(vault);
        await vault.GoAwayAsync();

        (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[0]))).ShouldBeProblem(503, "not-sent");

        app.ShouldHaveShownNothing(Channel.Exception);
    }

    /// <summary>First with nothing that could serve instead, then with a key that was read before.</summary>
    private static async Task SendInVainAsync(KeyVaultStandIn vault, WatchedApp app, VaultReply bad)
    {
        (await app.Api.GetAsync("health")).ShouldBe(503);
        var refused = (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[1]), app.FreshKey()))
            .ShouldBeProblem(503, "not-sent");
        (await app.Api.GetAsync($"verifications/{refused.Id}")).ShouldBe(200);
        vault.Reply = VaultReply.Secret(Good);
        app.Shift(RunningVault.Pause);
        (await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[1]))).ShouldBe(201);
        var reads = vault.Reads.Count;
        vault.Reply = bad;
        app.Shift(RunningVault.CacheFor);
        await app.Api.SendAsync(A.Verification.OwnedBy(WatchedApp.Owners[2]), app.FreshKey());

        Assert.True(vault.Reads.Count > reads);
        app.ShouldHaveShownNothing(Channel.Exception);
    }

    private static Task<WatchedApp> StartAsync(KeyVaultStandIn vault, bool ownFilters = false) => WatchedApp.StartAsync(
        new() { ["KeyVault:Uri"] = vault.Url.ToString() },
        services => services.AddSingleton(vault.Client()),
        ownFilters: ownFilters);
}
