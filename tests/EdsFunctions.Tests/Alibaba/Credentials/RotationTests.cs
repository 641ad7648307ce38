namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// What callers of the app get while an operator rotates the access key, and while the vault is unavailable.
/// </summary>
public sealed class RotationTests
{
    private const string AnyPort = "http://127.0.0.1:0";

    /// <summary>The log event of a recorded send. Directly after it, the app gets the access key.</summary>
    private const int SendRecorded = 100;

    private const int CredentialsChanged = 200;

    /// <summary>A response of the vault with the access key that the simulator of the app accepts.</summary>
    private static readonly RawHttpReply ValidKey = VaultReply.Key("testid", "testsecret");

    [Theory]
    [InlineData("fresh", "fresh-secret", null, "InvalidAccessKeyId.NotFound")]
    [InlineData("fresh", "fresh-secret", "fresh-token", "InvalidAccessKeyId.NotFound")]
    [InlineData("testid", "fresh-secret", null, "SignatureDoesNotMatch")]
    public async Task Send_KeyIsRotatedUnderLoad_SucceedsAndSendsOnceEach(
        string id, string secret, string? token, string errorCode)
    {
        const int Senders = 8;
        const int Sends = 12;
        await using var vault = new FakeKeyVault(ValidKey);
        await using var old = await StartAsync(new SimulatorOptions());
        await using var fresh = await StartAsync(
            new SimulatorOptions { AccessKeyId = id, AccessKeySecret = secret, SecurityToken = token });
        var deactivated = false;
        await using var app = await EdsApp.StartAsync(
            new() { ["KeyVault:Uri"] = vault.Url.ToString() },
            services =>
            {
                services.AddSingleton(vault.Client());
                services.AddHttpClient(EcdTransport.HttpClientName).AddHttpMessageHandler(() => new AccessKeyRouter(
                    authorization => !Volatile.Read(ref deactivated)
                        && authorization.Contains("Credential=testid,", StringComparison.Ordinal)
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
            .WithTimeoutAsync();
        vault.Reply = VaultReply.Key(id, secret, token);
        Volatile.Write(ref deactivated, true);
        var responses = (await Task.WhenAll(sending)).SelectMany(responses => responses).ToList();

        Assert.All(responses, response => response.ShouldBe(201));
        var mails = old.Outbox.Messages.Concat(fresh.Outbox.Messages).ToList();
        Assert.Equal(responses.Select(response => response["cenId"]).Order(), mails.Select(mail => mail.CenId).Order());
        Assert.Equal(
            responses.Select(response => response["requestId"]).Order(), mails.Select(mail => mail.RequestId).Order());
        Assert.NotEmpty(old.Outbox.Messages);
        Assert.NotEmpty(fresh.Outbox.Messages);
        // Alibaba rejects only requests that were in progress. The app has read the vault twice: for the old key, and
        // for the new key.
        Assert.InRange(fresh.Requests.Items.Count(request => request.Outcome == errorCode), 1, Senders);
        Assert.Equal(2, vault.Reads.Count);
        Assert.Single(app.Log.GetSnapshot(), entry => entry.Id.Id == CredentialsChanged);
    }

    [Fact]
    public async Task Send_VaultIsUnavailable_FailsOnlyUntilTheFirstRead()
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

        vault.Reply = ValidKey;
        app.Time.Advance(CredentialSourceFixture.Pause);

        (await app.Api.SendAsync(verification, "key-2")).ShouldBe(201);
        (await app.Api.GetAsync("health")).ShouldBe(200);
        Assert.Single(app.Alibaba.Outbox.Messages);

        // If the vault becomes unavailable later, the app uses the cached key.
        vault.Reply = VaultReply.Broken;
        app.Time.Advance(CredentialSourceFixture.MaxStale - TimeSpan.FromMinutes(1));
        (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        (await app.Api.GetAsync("health")).ShouldBe(200);
    }

    private static Task<SimulatorServer> StartAsync(SimulatorOptions options) => SimulatorServer.StartAsync(
        options, AnyPort, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);

    private static async Task<List<ApiResponse>> SendManyAsync(EdsApp app, int count)
    {
        var responses = new List<ApiResponse>();
        for (var i = 0; i < count; i++)
        {
            responses.Add(await app.Api.SendAsync(A.Verification));
        }

        return responses;
    }

    /// <summary>
    /// Sends each request to the simulator that accepts its access key. Two simulators together so act as one Alibaba
    /// with two keys. The host that the signature covers stays the same.
    /// </summary>
    private sealed class AccessKeyRouter(Func<string, Uri> route) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var signed = request.RequestUri!;
            request.Headers.Host = signed.Authority;
            var server = route(request.Headers.GetValues("Authorization").Single());
            request.RequestUri = new Uri(
                server.GetLeftPart(UriPartial.Authority) + signed.PathAndQuery,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            return base.SendAsync(request, cancellationToken);
        }
    }
}
