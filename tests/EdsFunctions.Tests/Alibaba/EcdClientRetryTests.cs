namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// A request that may have reached Alibaba is never repeated, neither by the client nor by its HTTP handler, which
/// would repeat requests without a body on stale connections. A request that Alibaba certainly did not accept is sent
/// up to three times within the time budget of the call.
/// </summary>
public sealed class EcdClientRetryTests
{
    private static readonly AlibabaCredentials Old = new("old", "old-secret");

    /// <summary>The ways in which Alibaba gets the whole request, but no valid response comes back.</summary>
    public static TheoryData<string> Faults => [.. Scripts.Keys];

    private static Dictionary<string, RawHttpReply> Scripts { get; } = new()
    {
        ["closes without a response"] = RawHttpReply.Closes,
        ["resets"] = RawHttpReply.Resets,
        ["closes after the status line"] = EcdReplies.Accepted().CutTo("HTTP/1.1 200 As Scripted\r\n".Length),
        ["closes in the headers"] = EcdReplies.Accepted().CutTo("HTTP/1.1 200 As Scripted\r\nContent-Ty".Length),
        ["closes one byte early"] = EcdReplies.Accepted().CutTo(EcdReplies.Accepted().Text.Length - 1),
        ["responds without HTTP"] = new RawHttpReply(
            "220 smtp.example.com ready\r\n", RawHttpReply.ConnectionAction.Close),
        ["malformed body"] = RawHttpReply.Create(200, "application/json", """{"RequestId":"1CBAFFAB"""),
        ["502 of a proxy"] = RawHttpReply.Create(
            502, "text/html", "<html>Bad gateway", ("Retry-After", "0")),
        ["redirects"] = RawHttpReply.Create(307, "text/html", "", ("Location", "/elsewhere")),
        ["nonce was used"] = EcdReplies.Refused(400, "SignatureNonceUsed"),
        ["challenge for other credentials"] = RawHttpReply.Create(
            401, "text/html", "", ("WWW-Authenticate", "Basic")),
        ["503 with a retry-after header"] = EcdReplies.Refused(503, "Throttling", ("x-acs-retry-after", "0")),
        ["408 of a proxy"] = RawHttpReply.Create(408, "text/html", "", ("Connection", "close")),
    };

    public static TheoryData<string, EcdFailure> Failures => new()
    {
        { "refused connection", new EcdFailure.NotSent("the connection to Alibaba failed") },
        { "untrusted certificate", new EcdFailure.NotSent("the TLS connection to Alibaba failed") },
        { "throttling", new EcdFailure.Rejected(new EcdError("Throttling.User", 400, "0E5F-Throttling.User")) },
    };

    /// <summary>
    /// The fault occurs on a new connection, and on a reused one, on which the HTTP handler would repeat the request.
    /// </summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Send_ResponseIsUnusable_ReturnsUnknownAndSendsOnce(string fault)
    {
        await using var ecd = RunningEcdClient.Start(Scripts[fault], EcdReplies.Accepted(), Scripts[fault]);

        Assert.IsType<EcdFailure.Unknown>((await ecd.SendAsync()).Failure);
        Assert.NotNull((await ecd.SendAsync()).Response);
        Assert.IsType<EcdFailure.Unknown>((await ecd.SendAsync()).Failure);

        Assert.Equal(3, ecd.Requests.Count);
        Assert.Equal(ecd.Requests[1].Connection, ecd.Requests[2].Connection);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Send_ResponseTimesOut_ReturnsUnknownAndSendsOnce(int characters)
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted(), EcdReplies.Accepted().StuckAt(characters));
        Assert.NotNull((await ecd.SendAsync()).Response);
        await ecd.Gateway.NextAsync();

        var send = ecd.SendAsync();
        await ecd.Gateway.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(send.IsCompleted);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        var unknown = Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Equal("Alibaba did not respond within 10 s", unknown.Reason);
        Assert.Equal(2, ecd.Requests.Count);
    }

    [Fact]
    public async Task Send_CancelledBeforehand_ReturnsNotSent()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted());

        var outcome = await ecd.SendAsync(cancellationToken: new CancellationToken(canceled: true));

        Assert.Equal(new EcdFailure.NotSent("the call was cancelled before the request was sent"), outcome.Failure);
        Assert.EndsWith("(attempts: 0)", ecd.Logged(112).Message, StringComparison.Ordinal);
        Assert.Empty(ecd.Requests);
    }

    [Fact]
    public async Task Send_CancelledBeforeTheResponse_ReturnsUnknown()
    {
        await using var ecd = RunningEcdClient.Start(RawHttpReply.Hangs);
        using var caller = new CancellationTokenSource();

        var send = ecd.SendAsync(cancellationToken: caller.Token);
        await ecd.Gateway.NextAsync();
        await caller.CancelAsync();

        Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task Send_CancelledDuringTheDelay_ReturnsTheFirstOutcome()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(), EcdReplies.Accepted());
        using var caller = new CancellationTokenSource();

        var send = ecd.SendAsync(cancellationToken: caller.Token);
        await ecd.NextDelayAsync();
        await caller.CancelAsync();

        Assert.Equal("Throttling.User", Assert.IsType<EcdFailure.Rejected>((await send).Failure).Error.Code);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task Send_ResponseOfTheMaximumSize_IsRead()
    {
        var body = """{"RequestId":"1CBAFFAB","Filler":""";
        body = $"{body}\"{new string('x', (64 * 1024) - body.Length - 3)}\"}}";
        await using var ecd = RunningEcdClient.Start(RawHttpReply.Create(200, "application/json", body));

        Assert.Equal(new EcdResponse("1CBAFFAB"), (await ecd.SendAsync()).Response);
    }

    [Theory]
    [InlineData("Content-Length: 10000000")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Connection: close")]
    public async Task Send_ResponseIsTooLarge_ReturnsUnknown(string length)
    {
        // With chunked encoding, the first line is the length of a chunk. Otherwise, it is a part of a malformed body.
        var body = $"11000\r\n{{\"RequestId\":\"1CBAFFAB\",\"Filler\":\"{new string('x', 0x11000)}";
        await using var ecd = RunningEcdClient.Start(
            new RawHttpReply($"HTTP/1.1 200 OK\r\n{length}\r\n\r\n{body}", RawHttpReply.ConnectionAction.Hang));

        var unknown = Assert.IsType<EcdFailure.Unknown>((await ecd.SendAsync()).Failure);

        Assert.Equal("Alibaba's response is too large", unknown.Reason);
        Assert.Single(ecd.Requests);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Send_EveryAttemptFails_ReturnsTheFailureAfterThree(string failure, EcdFailure expected)
    {
        using var unused = new UnusedPort();
        await using var untrusted = RawHttpServer.StartUntrusted();
        await using var throttling = RawHttpServer.Start(EcdReplies.Throttled());
        await using var ecd = RunningEcdClient.StartAt(failure switch
        {
            "refused connection" => unused.Url,
            "untrusted certificate" => untrusted.Url,
            _ => throttling.Url,
        });

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.PassNextDelayAsync();

        Assert.Equal(expected, (await send).Failure);
        var entry = ecd.Logged(expected is EcdFailure.NotSent ? 112 : 111);
        Assert.Contains("(attempts: 3)", entry.Message, StringComparison.Ordinal);
        Assert.Equal(expected is EcdFailure.NotSent ? 0 : 3, throttling.Requests.Count);
    }

    [Fact]
    public async Task Send_ThrottledWithRetryAfter_SendsANewSignatureAfterThatDelay()
    {
        await using var ecd = RunningEcdClient.Start(
            EcdReplies.Throttled(retryAfterMs: 3_000), EcdReplies.Accepted("SECOND"));

        var send = ecd.SendAsync();
        var delay = await ecd.NextDelayAsync();
        // The jitter adds up to a fifth.
        Assert.InRange(delay, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.6));
        ecd.Time.Advance(delay - TimeSpan.FromMilliseconds(1));
        Assert.Single(ecd.Requests);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new EcdResponse("SECOND"), (await send).Response);

        // The date shows that the second attempt was signed after the delay: a millisecond earlier it would end with
        // :02.
        var (first, second) = (ecd.Requests[0], ecd.Requests[1]);
        Assert.Equal("2026-11-24T12:00:00Z", first.Header("x-acs-date"));
        Assert.Equal("2026-11-24T12:00:03Z", second.Header("x-acs-date"));
        Assert.Equal(first.Line, second.Line);
        Assert.NotEqual(first.Header("x-acs-signature-nonce"), second.Header("x-acs-signature-nonce"));
        Assert.NotEqual(first.Header("Authorization"), second.Header("Authorization"));
    }

    /// <summary>A call has a time budget of 20 s, of which an attempt may take 10 s.</summary>
    [Theory]
    [InlineData(10_001)]
    [InlineData(15_000)]
    [InlineData(20_000)]
    [InlineData(2_147_483_647)]
    public async Task Send_RetryAfterLeavesTooLittleTime_ReturnsThrottledAtOnce(int retryAfterMs)
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(retryAfterMs), RawHttpReply.Hangs);

        // The test does not advance the clock, so a delay would never end.
        var rejected = Assert.IsType<EcdFailure.Rejected>((await ecd.SendAsync()).Failure);

        Assert.Equal(EcdErrorKind.Throttled, rejected.Error.Kind);
        Assert.Equal(TimeSpan.FromMilliseconds(retryAfterMs), rejected.Error.RetryAfter);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task Send_RetryAfterLeavesAWholeAttempt_SendsAgain()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(8_000), RawHttpReply.Hangs);

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();
        await ecd.Gateway.NextAsync();
        await ecd.Gateway.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Timeout);

        var unknown = Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Equal("Alibaba did not respond within 10 s", unknown.Reason);
        Assert.Equal(2, ecd.Requests.Count);
    }

    [Fact]
    public async Task Send_ConnectionLostAfterThrottling_ReturnsUnknownWithoutAnotherAttempt()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(), RawHttpReply.Closes);

        var send = ecd.SendAsync();
        await ecd.PassNextDelayAsync();

        Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Equal(2, ecd.Requests.Count);
    }

    [Fact]
    public async Task Send_ThrottledWithoutRetryAfter_DelaysAreShortWithJitter()
    {
        var delays = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled());
            var send = ecd.SendAsync();
            delays.Add(await ecd.PassNextDelayAsync());
            delays.Add(await ecd.PassNextDelayAsync());
            await send;
        }

        Assert.All(delays, delay => Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(2)));

        // Callers that were throttled at the same time must not retry at the same time.
        Assert.True(delays.Distinct().Count() > delays.Count / 2, $"The delays are {string.Join(", ", delays)}.");
    }

    /// <summary>
    /// If Alibaba rejects the access key, an operator may have rotated it, so the app reads it again.
    /// </summary>
    [Theory]
    [InlineData(400, "SignatureDoesNotMatch", "fresh", 1, 2)]
    [InlineData(404, "InvalidAccessKeyId.NotFound", "old", 1, 1)]
    [InlineData(400, "InvalidSecurityToken.Expired", null, 1, 1)]
    [InlineData(403, "Forbidden.RAM", "fresh", 0, 1)]
    [InlineData(400, "InvalidTimeStamp.Expired", "fresh", 0, 1)]
    [InlineData(400, "MissingRegionId", "fresh", 0, 1)]
    [InlineData(503, "SignatureDoesNotMatch", "fresh", 0, 1)]
    public async Task Send_KeyRejected_RefreshesItOnceAndRetriesWithAnotherKeyOnly(
        int status, string code, string? refreshed, int refreshes, int requests)
    {
        var key = new FakeCredentialSource(() => Old, () => refreshed is null
            ? throw new CredentialsUnavailableException("The vault is unavailable.")
            : new AlibabaCredentials(refreshed, $"{refreshed}-secret"));
        await using var ecd = Start(key, EcdReplies.Refused(status, code));

        var outcome = await ecd.SendAsync();

        Assert.Equal(status == 503 ? null : code, (outcome.Failure as EcdFailure.Rejected)?.Error.Code);
        Assert.Equal((refreshes, requests), (key.Refreshes, ecd.Requests.Count));
    }

    [Fact]
    public async Task Send_KeyRotated_SignsTheRetryWithTheNewKey()
    {
        await using var ecd = Start(
            new FakeCredentialSource(
                () => Old, () => new AlibabaCredentials("STS.fresh", "fresh-secret", "fresh-token")),
            EcdReplies.Refused(400, "SignatureDoesNotMatch"),
            EcdReplies.Accepted());

        Assert.NotNull((await ecd.SendAsync()).Response);

        Assert.Equal(2, ecd.Requests.Count);
        Assert.Contains(" Credential=old,", ecd.Requests[0].Header("Authorization"), StringComparison.Ordinal);
        Assert.Null(ecd.Requests[0].Header("x-acs-security-token"));
        Assert.Contains(" Credential=STS.fresh,", ecd.Requests[1].Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("fresh-token", ecd.Requests[1].Header("x-acs-security-token"));
        Assert.NotEqual(
            ecd.Requests[0].Header("x-acs-signature-nonce"), ecd.Requests[1].Header("x-acs-signature-nonce"));
    }

    [Theory]
    [InlineData("SignatureDoesNotMatch", "Throttling", "Throttling")]
    [InlineData("Throttling", "SignatureDoesNotMatch", "Throttling")]
    [InlineData("Throttling", "Throttling", "SignatureDoesNotMatch")]
    public async Task Send_KeyRejectedAndThrottled_SendsThreeRequestsAtMost(params string[] codes)
    {
        await using var ecd = Start(
            new FakeCredentialSource(() => Old, () => new AlibabaCredentials("fresh", "secret")),
            [.. codes.Select(code => EcdReplies.Refused(400, code)), EcdReplies.Accepted()]);

        var send = ecd.SendAsync();
        foreach (var _ in codes.Take(2).Where(code => code == "Throttling"))
        {
            await ecd.PassNextDelayAsync();
        }

        Assert.Equal(codes[2], Assert.IsType<EcdFailure.Rejected>((await send).Failure).Error.Code);
        Assert.Equal(3, ecd.Requests.Count);
    }

    [Fact]
    public async Task Send_NoCredentials_ReturnsNotSentWithoutDetailsOfTheVault()
    {
        const string Message = "Key Vault contoso.vault.azure.net has no secret alibaba-credentials.";
        await using var ecd = Start(
            new FakeCredentialSource(() => throw new CredentialsUnavailableException(Message), () => Old),
            EcdReplies.Accepted());

        Assert.Equal(new EcdFailure.NotSent("the app has no Alibaba access key"), (await ecd.SendAsync()).Failure);
        Assert.Empty(ecd.Requests);
    }

    private static RunningEcdClient Start(ICredentialSource credentials, params RawHttpReply[] script) =>
        RunningEcdClient.Start(null, services => services.AddSingleton(credentials), script);

    private sealed class FakeCredentialSource(Func<AlibabaCredentials> get, Func<AlibabaCredentials> refresh)
        : ICredentialSource
    {
        public string Description => "the test";

        public int Refreshes { get; private set; }

        public ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken) => new(get());

        public ValueTask<AlibabaCredentials> RefreshAsync(
            AlibabaCredentials rejected, CancellationToken cancellationToken)
        {
            Refreshes++;
            return new ValueTask<AlibabaCredentials>(refresh());
        }
    }
}
