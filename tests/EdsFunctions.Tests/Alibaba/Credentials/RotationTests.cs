namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// What callers notice of the vault: of a rotation nothing, and of an outage only where there has never been a key.
/// </summary>
public sealed class RotationTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <summary>The event that says that a send was recorded, which is just before it needs the key.</summary>
    private const int SendRecorded = 100;

    private const int CredentialsChanged = 200;

    /// <summary>The key that the simulator of the app accepts.</summary>
    private static readonly VaultReply TheKey = VaultReply.Key("testid", "testsecret");

    [Theory]
    [InlineData("fresh", "fresh-secret", null, "InvalidAccessKeyId.NotFound")]
    [InlineData("fresh", "fresh-secret", "fresh-token", "InvalidAccessKeyId.NotFound")]
    [InlineData("testid", "fresh-secret", null, "SignatureDoesNotMatch")]
    public async Task A_key_that_is_replaced_while_many_send_costs_nobody_anything(
        string id, string secret, string? token, string refusal)
    {
        const int Senders = 8;
        const int Sends = 12;
        await using var vault = await KeyVaultStandIn.StartAsync(TheKey);
        await using var old = await SimulatorServer.StartAsync(
            new SimulatorOptions(), AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var fresh = await SimulatorServer.StartAsync(
            new SimulatorOptions { AccessKeyId = id, AccessKeySecret = secret, SecurityToken = token },
            AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        var rotation = new KeyRotation(old, "testid", fresh);
        using var aThird = new LogCountdown(SendRecorded, Senders * Sends / 3);
        await using var app = await EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() },
            services =>
            {
                services.AddSingleton(vault.Client());
                services.AddSingleton<ILoggerProvider>(aThird);
                rotation.Apply(services);
            },
            realTime: true);

        var sending = Enumerable.Range(0, Senders).Select(_ => SendManyAsync(app, Sends)).ToList();
        await aThird.Reached;
        vault.Reply = VaultReply.Key(id, secret, token);
        rotation.DeactivateTheOldKey();
        var answers = (await Task.WhenAll(sending)).SelectMany(answers => answers).ToList();

        Assert.All(answers, answer => answer.ShouldBe(201));
        var mails = old.Outbox.Messages.Concat(fresh.Outbox.Messages).ToList();
        Assert.Equal(answers.Select(answer => answer["cenId"]).Order(), mails.Select(mail => mail.CenId).Order());
        Assert.Equal(answers.Select(answer => answer["requestId"]).Order(), mails.Select(mail => mail.RequestId).Order());
        Assert.NotEmpty(old.Outbox.Messages);
        Assert.NotEmpty(fresh.Outbox.Messages);
        // No more are refused than were on their way, and the vault is asked for the first time and for the new key.
        Assert.InRange(fresh.Requests.Items.Count(request => request.Outcome == refusal), 1, Senders);
        Assert.Equal(2, vault.Reads.Count);
        Assert.Single(app.Log.Entries, entry => entry.EventId == CredentialsChanged);
    }

    [Fact]
    public async Task A_vault_that_is_away_at_the_start_is_a_503_and_passes_without_a_restart()
    {
        await using var vault = await KeyVaultStandIn.StartAsync(VaultReply.Broken);
        await using var app = await StartAsync(vault);
        var verification = A.Verification;

        (await app.Api.GetAsync("health")).ShouldBe(503);
        var refused = (await app.Api.SendAsync(verification, "key-1")).ShouldBeProblem(503, "not-sent");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal("failed", (await app.Api.GetAsync(refused.Id))["state"]);
        Assert.Empty(app.Alibaba.Requests.Items);

        vault.Reply = TheKey;
        app.Time.Advance(RunningVault.Pause);

        (await app.Api.SendAsync(verification, "key-2")).ShouldBe(201);
        (await app.Api.GetAsync("health")).ShouldBe(200);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task A_hundred_first_requests_at_once_read_the_vault_once()
    {
        const int Requests = 100;
        var release = new TaskCompletionSource();
        await using var vault = await KeyVaultStandIn.StartAsync(TheKey with { Until = release.Task });
        using var all = new LogCountdown(SendRecorded, Requests);
        await using var app = await StartAsync(vault, services => services.AddSingleton<ILoggerProvider>(all));

        var sending = Enumerable.Range(0, Requests).Select(_ => app.Api.SendAsync(A.Verification)).ToList();
        await all.Reached;
        Assert.Empty(app.Alibaba.Requests.Items);
        release.SetResult();
        var answers = await Task.WhenAll(sending);

        Assert.All(answers, answer => answer.ShouldBe(201));
        Assert.Equal(Requests, app.Alibaba.Outbox.Messages.DistinctBy(mail => mail.CenId).Count());
        Assert.Equal(Requests, app.Alibaba.Requests.Items.Count);
        Assert.Single(vault.Reads);
    }

    [Fact]
    public async Task A_hundred_first_requests_at_once_hear_of_one_outage()
    {
        const int Requests = 100;
        var release = new TaskCompletionSource();
        await using var vault = await KeyVaultStandIn.StartAsync(VaultReply.Forbidden with { Until = release.Task });
        using var all = new LogCountdown(SendRecorded, Requests);
        await using var app = await StartAsync(vault, services => services.AddSingleton<ILoggerProvider>(all));

        var sending = Enumerable.Range(0, Requests).Select(_ => app.Api.SendAsync(A.Verification)).ToList();
        await all.Reached;
        release.SetResult();
        var answers = await Task.WhenAll(sending);

        Assert.All(answers, answer => answer.ShouldBeProblem(503, "not-sent"));
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task A_vault_that_goes_away_later_costs_no_request()
    {
        await using var vault = await KeyVaultStandIn.StartAsync(TheKey);
        await using var app = await StartAsync(vault);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);

        // Just short of a day, in steps that are longer than what a read serves.
        vault.Reply = VaultReply.Broken;
        var step = (RunningVault.MaxStale - TimeSpan.FromMinutes(1)) / 12;
        for (var i = 0; i < 12; i++)
        {
            app.Time.Advance(step);
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => app.Api.SendAsync(A.Verification)));
            Assert.All(answers, answer => answer.ShouldBe(201));
        }

        (await app.Api.GetAsync("health")).ShouldBe(200);
        Assert.Equal(1 + (12 * 8), app.Alibaba.Outbox.Messages.Count);
        Assert.All(app.Alibaba.Requests.Items, request => Assert.Equal("OK", request.Outcome));

        app.Time.Advance(TimeSpan.FromMinutes(1));
        (await app.Api.SendAsync(A.Verification)).ShouldBeProblem(503, "not-sent");
        vault.Reply = TheKey;
        app.Time.Advance(RunningVault.Pause);
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
    }

    private static async Task<List<ApiResponse>> SendManyAsync(EdsApp app, int count)
    {
        var answers = new List<ApiResponse>();
        for (var i = 0; i < count; i++)
        {
            answers.Add(await app.Api.SendAsync(A.Verification));
        }

        return answers;
    }

    private static Task<EdsApp> StartAsync(KeyVaultStandIn vault, Action<IServiceCollection>? configure = null) =>
        EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() },
            services =>
            {
                services.AddSingleton(vault.Client());
                configure?.Invoke(services);
            });
}
