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
    private static readonly RawHttpReply TheKey = VaultReply.Key("testid", "testsecret");

    [Theory]
    [InlineData("fresh", "fresh-secret", null, "InvalidAccessKeyId.NotFound")]
    [InlineData("fresh", "fresh-secret", "fresh-token", "InvalidAccessKeyId.NotFound")]
    [InlineData("testid", "fresh-secret", null, "SignatureDoesNotMatch")]
    public async Task A_key_that_is_replaced_while_many_send_costs_nobody_anything(
        string id, string secret, string? token, string refusal)
    {
        const int Senders = 8;
        const int Sends = 12;
        await using var vault = new FakeKeyVault(TheKey);
        await using var old = await SimulatorServer.StartAsync(
            new SimulatorOptions(), AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        await using var fresh = await SimulatorServer.StartAsync(
            new SimulatorOptions { AccessKeyId = id, AccessKeySecret = secret, SecurityToken = token },
            AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        var deactivated = false;
        await using var app = await EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() },
            services =>
            {
                services.AddSingleton(vault.Client());
                services.AddHttpClient(EcdTransport.HttpClientName).AddHttpMessageHandler(() => new RoutesByKey(request =>
                    !Volatile.Read(ref deactivated) && request.Contains("Credential=testid,", StringComparison.Ordinal)
                        ? old.Url
                        : fresh.Url));
            },
            realTime: true);

        var sending = Enumerable.Range(0, Senders).Select(_ => SendManyAsync(app, Sends)).ToList();
        await app.Log.GetLogsAsync(TestContext.Current.CancellationToken)
            .Where(record => record.Id.Id == SendRecorded)
            .Skip(Senders * Sends / 3)
            .FirstAsync(TestContext.Current.CancellationToken)
            .AsTask()
            .SoonAsync();
        vault.Reply = VaultReply.Key(id, secret, token);
        Volatile.Write(ref deactivated, true);
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
        Assert.Single(app.Log.GetSnapshot(), entry => entry.Id.Id == CredentialsChanged);
    }

    [Fact]
    public async Task An_outage_is_a_503_only_at_the_start_and_passes_without_a_restart()
    {
        await using var vault = new FakeKeyVault(VaultReply.Broken);
        await using var app = await EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() }, services => services.AddSingleton(vault.Client()));
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

        // From now on an outage costs no request.
        vault.Reply = VaultReply.Broken;
        app.Time.Advance(RunningVault.MaxStale - TimeSpan.FromMinutes(1));
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        (await app.Api.GetAsync("health")).ShouldBe(200);
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

    /// <summary>
    /// One Alibaba with two access keys, of which the old one can be deactivated: a simulator for each key, behind a handler that
    /// takes a request to the one that knows its key. The address that a request is signed for stays what it is.
    /// </summary>
    private sealed class RoutesByKey(Func<string, Uri> route) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var signed = request.RequestUri!;
            request.Headers.Host = signed.Authority;
            request.RequestUri = new Uri(
                route(request.Headers.GetValues("Authorization").Single()).GetLeftPart(UriPartial.Authority) + signed.PathAndQuery,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            return base.SendAsync(request, cancellationToken);
        }
    }
}
