namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// A request that may have arrived is never sent again: not by the client, and not by the HTTP handler beneath it, which replays
/// a request without a body when a reused connection ends before an answer.
/// </summary>
public sealed class EcdClientSendsOnceTests
{
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
        ["answers 503"] = EcdReplies.Refused(503, "ServiceUnavailable"),
        ["answers 502 as a proxy does"] = RawHttpReply.Answers(502, "text/html", "<html>Bad gateway", ("Retry-After", "0")),
        ["redirects"] = RawHttpReply.Answers(307, "text/html", "", ("Location", "/elsewhere")),
        ["says that the nonce was used"] = EcdReplies.Refused(400, "SignatureNonceUsed"),
        ["asks for credentials of another kind"] = RawHttpReply.Answers(401, "text/html", "", ("WWW-Authenticate", "Basic")),
        ["asks to wait after a failure"] = EcdReplies.Refused(503, "Throttling", ("x-acs-retry-after", "0")),
        ["times out on the other side"] = RawHttpReply.Answers(408, "text/html", "", ("Connection", "close")),
    };

    /// <summary>On a new connection, and on one that is used again, where the handler would replay it.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_request_is_seen_once(string fault)
    {
        await using var server = RawHttpServer.Start(Scripts[fault], EcdReplies.Accepted(), Scripts[fault]);
        using var ecd = RunningEcdClient.Start(server.Url);

        Assert.IsType<EcdOutcome.Unknown>(await ecd.SendAsync());
        Assert.IsType<EcdOutcome.Accepted>(await ecd.SendAsync());
        Assert.IsType<EcdOutcome.Unknown>(await ecd.SendAsync());

        Assert.Equal(3, server.Requests.Count);
        Assert.Equal(server.Requests[1].Connection, server.Requests[2].Connection);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task A_request_that_is_not_answered_in_time_is_seen_once(int answered)
    {
        await using var server = RawHttpServer.Start(EcdReplies.Accepted(), EcdReplies.Accepted().StuckAt(answered));
        using var ecd = RunningEcdClient.Start(server.Url);
        Assert.IsType<EcdOutcome.Accepted>(await ecd.SendAsync());
        await server.NextAsync();

        var send = ecd.SendAsync();
        await server.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Timeout - TimeSpan.FromMilliseconds(1));
        Assert.False(send.IsCompleted);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        var unknown = Assert.IsType<EcdOutcome.Unknown>(await send);
        Assert.Equal("Alibaba did not answer within 10 s", unknown.Reason);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_caller_who_gives_up_before_the_request_leaves_knows_that_it_did_not()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Accepted());
        using var ecd = RunningEcdClient.Start(server.Url);
        using var caller = new CancellationTokenSource();
        await caller.CancelAsync();

        var outcome = await ecd.SendAsync(cancellationToken: caller.Token);

        Assert.Equal(new EcdOutcome.NotSent("it was given up before it was sent"), outcome);
        Assert.EndsWith("(attempts: 0)", ecd.Logged(112).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_caller_who_gives_up_before_the_answer_knows_that_it_may_have_been_sent()
    {
        await using var server = RawHttpServer.Start(RawHttpReply.Hangs);
        using var ecd = RunningEcdClient.Start(server.Url);
        using var caller = new CancellationTokenSource();

        var send = ecd.SendAsync(cancellationToken: caller.Token);
        await server.NextAsync();
        await caller.CancelAsync();

        Assert.IsType<EcdOutcome.Unknown>(await send);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_caller_who_gives_up_between_two_attempts_gets_the_answer_to_the_first()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Throttled(), EcdReplies.Accepted());
        using var ecd = RunningEcdClient.Start(server.Url);
        using var caller = new CancellationTokenSource();

        var send = ecd.SendAsync(cancellationToken: caller.Token);
        await ecd.NextPauseAsync();
        await caller.CancelAsync();

        var rejected = Assert.IsType<EcdOutcome.Rejected>(await send);
        Assert.Equal("Throttling.User", rejected.Error.Code);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task An_answer_as_large_as_may_be_is_read()
    {
        var body = """{"RequestId":"1CBAFFAB","Filler":""";
        body = $"{body}\"{new string('x', (64 * 1024) - body.Length - 3)}\"}}";
        await using var server = RawHttpServer.Start(RawHttpReply.Answers(200, "application/json", body));
        using var ecd = RunningEcdClient.Start(server.Url);

        Assert.Equal(new EcdOutcome.Accepted("1CBAFFAB"), await ecd.SendAsync());
    }

    [Theory]
    [InlineData("Content-Length: 10000000")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Connection: close")]
    public async Task An_answer_without_end_is_given_up_and_unknown(string length)
    {
        // The number is the length of a chunk where there are chunks, and garbage elsewhere.
        var body = $"11000\r\n{{\"RequestId\":\"1CBAFFAB\",\"Filler\":\"{new string('x', 0x11000)}";
        var answer = $"HTTP/1.1 200 OK\r\n{length}\r\n\r\n{body}";
        await using var server = RawHttpServer.Start(new RawHttpReply(answer, RawHttpReply.Ending.Hang));
        using var ecd = RunningEcdClient.Start(server.Url);

        var unknown = Assert.IsType<EcdOutcome.Unknown>(await ecd.SendAsync());

        Assert.Equal("Alibaba's answer is too large to be one", unknown.Reason);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_connection_that_the_gateway_closed_while_idle_is_not_used_for_the_next_request()
    {
        var farewell = EcdReplies.Accepted() with { Then = RawHttpReply.Ending.Close };
        await using var server = RawHttpServer.Start(farewell, EcdReplies.Accepted());
        using var ecd = RunningEcdClient.Start(server.Url);
        Assert.IsType<EcdOutcome.Accepted>(await ecd.SendAsync());
        await server.EndOfConnectionAsync();

        Assert.IsType<EcdOutcome.Accepted>(await ecd.SendAsync());

        Assert.Equal([1, 2], server.Requests.Select(request => request.Connection));
    }
}
