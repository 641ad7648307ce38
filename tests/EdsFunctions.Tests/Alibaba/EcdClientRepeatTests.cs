namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// A request that may have arrived is never sent again: not by the client, and not by the HTTP handler beneath it, which replays
/// a request without a body when a reused connection ends before an answer. What was certainly not done is tried again, signed
/// afresh, three times at most and within the budget.
/// </summary>
public sealed class EcdClientRepeatTests
{
    private static readonly AlibabaCredentials Old = new("old", "old-secret");

    /// <summary>Ways in which a request arrives whole and no usable answer comes back.</summary>
    public static TheoryData<string> Faults => [.. Scripts.Keys];

    private static Dictionary<string, RawHttpReply> Scripts { get; } = new()
    {
        ["closes without a word"] = RawHttpReply.Closes,
        ["resets"] = RawHttpReply.Resets,
        ["closes after the status line"] = EcdReplies.Accepted().CutTo("HTTP/1.1 200 As Scripted\r\n".Length),
        ["closes in the headers"] = EcdReplies.Accepted().CutTo("HTTP/1.1 200 As Scripted\r\nContent-Ty".Length),
        ["closes one byte before the end"] = EcdReplies.Accepted().CutTo(EcdReplies.Accepted().Text.Length - 1),
        ["says something that is not HTTP"] = new RawHttpReply("220 smtp.example.com ready\r\n", RawHttpReply.Ending.Close),
        ["answers with a broken body"] = RawHttpReply.Answers(200, "application/json", """{"RequestId":"1CBAFFAB"""),
        ["answers 502 as a proxy does"] = RawHttpReply.Answers(502, "text/html", "<html>Bad gateway", ("Retry-After", "0")),
        ["redirects"] = RawHttpReply.Answers(307, "text/html", "", ("Location", "/elsewhere")),
        ["says that the nonce was used"] = EcdReplies.Refused(400, "SignatureNonceUsed"),
        ["asks for credentials of another kind"] = RawHttpReply.Answers(401, "text/html", "", ("WWW-Authenticate", "Basic")),
        ["asks to wait after a failure"] = EcdReplies.Refused(503, "Throttling", ("x-acs-retry-after", "0")),
        ["times out on the other side"] = RawHttpReply.Answers(408, "text/html", "", ("Connection", "close")),
    };

    public static TheoryData<string, EcdFailure> Failures => new()
    {
        { "refused connection", new EcdFailure.NotSent("no connection to Alibaba") },
        { "untrusted certificate", new EcdFailure.NotSent("no secure connection to Alibaba") },
        { "throttling", new EcdFailure.Rejected(new EcdError("Throttling.User", 400, "0E5F-Throttling.User")) },
    };

    /// <summary>On a new connection, and on one that is used again, where the handler would replay it.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_is_seen_once(string fault)
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
    public async Task A_request_that_is_not_answered_in_time_is_seen_once(int answered)
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted(), EcdReplies.Accepted().StuckAt(answered));
        Assert.NotNull((await ecd.SendAsync()).Response);
        await ecd.Gateway.NextAsync();

        var send = ecd.SendAsync();
        await ecd.Gateway.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(send.IsCompleted);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        var unknown = Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Equal("Alibaba did not answer within 10 s", unknown.Reason);
        Assert.Equal(2, ecd.Requests.Count);
    }

    [Fact]
    public async Task A_caller_who_gives_up_before_the_request_leaves_knows_that_it_did_not()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Accepted());

        var outcome = await ecd.SendAsync(cancellationToken: new CancellationToken(canceled: true));

        Assert.Equal(new EcdFailure.NotSent("it was given up before it was sent"), outcome.Failure);
        Assert.EndsWith("(attempts: 0)", ecd.Logged(112).Message, StringComparison.Ordinal);
        Assert.Empty(ecd.Requests);
    }

    [Fact]
    public async Task A_caller_who_gives_up_before_the_answer_knows_that_it_may_have_been_sent()
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
    public async Task A_caller_who_gives_up_between_two_attempts_gets_the_answer_to_the_first()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(), EcdReplies.Accepted());
        using var caller = new CancellationTokenSource();

        var send = ecd.SendAsync(cancellationToken: caller.Token);
        await ecd.NextPauseAsync();
        await caller.CancelAsync();

        Assert.Equal("Throttling.User", Assert.IsType<EcdFailure.Rejected>((await send).Failure).Error.Code);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task An_answer_as_large_as_may_be_is_read()
    {
        var body = """{"RequestId":"1CBAFFAB","Filler":""";
        body = $"{body}\"{new string('x', (64 * 1024) - body.Length - 3)}\"}}";
        await using var ecd = RunningEcdClient.Start(RawHttpReply.Answers(200, "application/json", body));

        Assert.Equal(new EcdResponse("1CBAFFAB"), (await ecd.SendAsync()).Response);
    }

    [Theory]
    [InlineData("Content-Length: 10000000")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Connection: close")]
    public async Task An_answer_without_end_is_given_up_and_unknown(string length)
    {
        // The number is the length of a chunk where there are chunks, and garbage elsewhere.
        var body = $"11000\r\n{{\"RequestId\":\"1CBAFFAB\",\"Filler\":\"{new string('x', 0x11000)}";
        await using var ecd = RunningEcdClient.Start(
            new RawHttpReply($"HTTP/1.1 200 OK\r\n{length}\r\n\r\n{body}", RawHttpReply.Ending.Hang));

        var unknown = Assert.IsType<EcdFailure.Unknown>((await ecd.SendAsync()).Failure);

        Assert.Equal("Alibaba's answer is too large to be one", unknown.Reason);
        Assert.Single(ecd.Requests);
    }

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_that_does_not_end_is_the_outcome_after_three_attempts(string failure, EcdFailure expected)
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
        await ecd.PassNextPauseAsync();
        await ecd.PassNextPauseAsync();

        Assert.Equal(expected, (await send).Failure);
        Assert.Contains("(attempts: 3)", ecd.Logged(expected is EcdFailure.NotSent ? 112 : 111).Message, StringComparison.Ordinal);
        Assert.Equal(expected is EcdFailure.NotSent ? 0 : 3, throttling.Requests.Count);
    }

    [Fact]
    public async Task A_throttled_request_is_signed_again_after_the_time_that_Alibaba_asked_for()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(retryAfterMs: 3_000), EcdReplies.Accepted("SECOND"));

        var send = ecd.SendAsync();
        var pause = await ecd.NextPauseAsync();
        // Up to a fifth later, so that not all who wait come back at once.
        Assert.InRange(pause, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.6));
        ecd.Time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.Single(ecd.Requests);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new EcdResponse("SECOND"), (await send).Response);

        // The date tells when it was signed: a request of a millisecond earlier would carry :02.
        var (first, second) = (ecd.Requests[0], ecd.Requests[1]);
        Assert.Equal("2026-11-24T12:00:00Z", first.Header("x-acs-date"));
        Assert.Equal("2026-11-24T12:00:03Z", second.Header("x-acs-date"));
        Assert.Equal(first.Line, second.Line);
        Assert.NotEqual(first.Header("x-acs-signature-nonce"), second.Header("x-acs-signature-nonce"));
        Assert.NotEqual(first.Header("Authorization"), second.Header("Authorization"));
    }

    [Theory]
    [InlineData(20_000)]
    [InlineData(2_147_483_647)]
    public async Task A_wait_that_exceeds_the_budget_is_not_waited_for(int retryAfterMs)
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(retryAfterMs), EcdReplies.Accepted());

        // The clock stands still: a wait would not end.
        var rejected = Assert.IsType<EcdFailure.Rejected>((await ecd.SendAsync()).Failure);

        Assert.Equal(TimeSpan.FromMilliseconds(retryAfterMs), rejected.Error.RetryAfter);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task No_attempt_starts_that_the_budget_would_end()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(15_000), RawHttpReply.Hangs);

        var rejected = Assert.IsType<EcdFailure.Rejected>((await ecd.SendAsync()).Failure);

        Assert.Equal(EcdErrorKind.Throttled, rejected.Error.Kind);
        Assert.Single(ecd.Requests);
    }

    [Fact]
    public async Task A_failure_after_a_throttled_attempt_is_unknown_and_not_repeated()
    {
        await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled(), RawHttpReply.Closes);

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();

        Assert.IsType<EcdFailure.Unknown>((await send).Failure);
        Assert.Equal(2, ecd.Requests.Count);
    }

    [Fact]
    public async Task Pauses_are_short_and_not_all_alike_where_Alibaba_names_none()
    {
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            await using var ecd = RunningEcdClient.Start(EcdReplies.Throttled());
            var send = ecd.SendAsync();
            pauses.Add(await ecd.PassNextPauseAsync());
            pauses.Add(await ecd.PassNextPauseAsync());
            await send;
        }

        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(2)));

        // Callers that were throttled together must not come back together.
        Assert.True(pauses.Distinct().Count() > pauses.Count / 2, $"The pauses are {string.Join(", ", pauses)}.");
    }

    /// <summary>A key that Alibaba refuses may have been rotated: it is refreshed, once.</summary>
    [Theory]
    [InlineData(400, "SignatureDoesNotMatch", "fresh", 1, 2)]
    [InlineData(404, "InvalidAccessKeyId.NotFound", "old", 1, 1)]
    [InlineData(400, "InvalidSecurityToken.Expired", null, 1, 1)]
    [InlineData(403, "Forbidden.RAM", "fresh", 0, 1)]
    [InlineData(400, "InvalidTimeStamp.Expired", "fresh", 0, 1)]
    [InlineData(400, "MissingRegionId", "fresh", 0, 1)]
    [InlineData(503, "SignatureDoesNotMatch", "fresh", 0, 1)]
    public async Task A_refused_key_is_refreshed_once_and_the_same_key_is_not_tried_again(
        int status, string code, string? refreshed, int refreshes, int requests)
    {
        var key = new RotatedKey(() => Old, () => refreshed is null
            ? throw new CredentialsUnavailableException("The vault is away.")
            : new AlibabaCredentials(refreshed, $"{refreshed}-secret"));
        await using var ecd = Start(key, EcdReplies.Refused(status, code));

        var outcome = await ecd.SendAsync();

        Assert.Equal(status == 503 ? null : code, (outcome.Failure as EcdFailure.Rejected)?.Error.Code);
        Assert.Equal((refreshes, requests), (key.Refreshes, ecd.Requests.Count));
    }

    [Fact]
    public async Task The_repeat_is_signed_with_the_new_key()
    {
        await using var ecd = Start(
            new RotatedKey(() => Old, () => new AlibabaCredentials("STS.fresh", "fresh-secret", "fresh-token")),
            EcdReplies.Refused(400, "SignatureDoesNotMatch"),
            EcdReplies.Accepted());

        Assert.NotNull((await ecd.SendAsync()).Response);

        Assert.Equal(2, ecd.Requests.Count);
        Assert.Contains(" Credential=old,", ecd.Requests[0].Header("Authorization"), StringComparison.Ordinal);
        Assert.Null(ecd.Requests[0].Header("x-acs-security-token"));
        Assert.Contains(" Credential=STS.fresh,", ecd.Requests[1].Header("Authorization"), StringComparison.Ordinal);
        Assert.Equal("fresh-token", ecd.Requests[1].Header("x-acs-security-token"));
        Assert.NotEqual(ecd.Requests[0].Header("x-acs-signature-nonce"), ecd.Requests[1].Header("x-acs-signature-nonce"));
    }

    [Theory]
    [InlineData("SignatureDoesNotMatch", "Throttling", "Throttling")]
    [InlineData("Throttling", "SignatureDoesNotMatch", "Throttling")]
    [InlineData("Throttling", "Throttling", "SignatureDoesNotMatch")]
    public async Task There_are_never_more_than_three_requests(params string[] codes)
    {
        await using var ecd = Start(
            new RotatedKey(() => Old, () => new AlibabaCredentials("fresh", "secret")),
            [.. codes.Select(code => EcdReplies.Refused(400, code)), EcdReplies.Accepted()]);

        var send = ecd.SendAsync();
        foreach (var _ in codes.Take(2).Where(code => code == "Throttling"))
        {
            await ecd.PassNextPauseAsync();
        }

        Assert.Equal(codes[2], Assert.IsType<EcdFailure.Rejected>((await send).Failure).Error.Code);
        Assert.Equal(3, ecd.Requests.Count);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_sent_and_the_caller_hears_nothing_of_the_vault()
    {
        const string Line = "Key Vault contoso.vault.azure.net has no secret alibaba-credentials.";
        await using var ecd = Start(
            new RotatedKey(() => throw new CredentialsUnavailableException(Line), () => Old), EcdReplies.Accepted());

        Assert.Equal(new EcdFailure.NotSent("the app has no access key to sign with"), (await ecd.SendAsync()).Failure);
        Assert.Empty(ecd.Requests);
    }

    private static RunningEcdClient Start(ICredentialSource credentials, params RawHttpReply[] script) =>
        RunningEcdClient.Start(null, services => services.AddSingleton(credentials), script);

    private sealed class RotatedKey(Func<AlibabaCredentials> get, Func<AlibabaCredentials> refresh) : ICredentialSource
    {
        public string Description => "the test";

        public int Refreshes { get; private set; }

        public ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken) => new(get());

        public ValueTask<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken)
        {
            Refreshes++;
            return new ValueTask<AlibabaCredentials>(refresh());
        }
    }
}
