namespace EdsFunctions.Tests.Alibaba;

/// <summary>What was certainly not done is tried again, signed afresh, three times at most and within the budget.</summary>
public sealed class EcdClientRetryTests
{
    [Fact]
    public async Task A_refused_connection_is_not_sent_after_three_attempts()
    {
        using var nobody = new DeafPort();
        using var ecd = RunningEcdClient.Start(nobody.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();
        await ecd.PassNextPauseAsync();

        Assert.Equal(new EcdOutcome.NotSent("no connection to Alibaba"), await send);
        Assert.EndsWith("(attempts: 3)", ecd.Logged(112).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_nobody_vouches_for_gets_no_request()
    {
        await using var stranger = RawHttpServer.StartUntrusted();
        using var ecd = RunningEcdClient.Start(stranger.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();
        await ecd.PassNextPauseAsync();

        Assert.Equal(new EcdOutcome.NotSent("no secure connection to Alibaba"), await send);
    }

    [Fact]
    public async Task Throttling_that_does_not_end_is_a_refusal_after_three_requests()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Throttled());
        using var ecd = RunningEcdClient.Start(server.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();
        await ecd.PassNextPauseAsync();

        var rejected = Assert.IsType<EcdOutcome.Rejected>(await send);
        Assert.Equal("Throttling.User", rejected.Error.Code);
        Assert.Equal(3, server.Requests.Count);
    }

    [Fact]
    public async Task A_throttled_request_is_signed_again_after_the_time_that_Alibaba_asked_for()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Throttled(retryAfterMs: 3_000), EcdReplies.Accepted("SECOND"));
        using var ecd = RunningEcdClient.Start(server.Url);

        var send = ecd.SendAsync();
        var pause = await ecd.NextPauseAsync();
        // Up to a fifth later, so that not all who wait come back at once.
        Assert.InRange(pause, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3.6));
        ecd.Time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.Single(server.Requests);
        ecd.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(new EcdOutcome.Accepted("SECOND"), await send);

        // The date tells when it was signed: a request of a millisecond earlier would carry :02.
        var (first, second) = (server.Requests[0], server.Requests[1]);
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
        await using var server = RawHttpServer.Start(EcdReplies.Throttled(retryAfterMs), EcdReplies.Accepted());
        using var ecd = RunningEcdClient.Start(server.Url);

        // The clock stands still: a wait would not end.
        var rejected = Assert.IsType<EcdOutcome.Rejected>(await ecd.SendAsync());

        Assert.Equal(TimeSpan.FromMilliseconds(retryAfterMs), rejected.Error.RetryAfter);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task The_budget_ends_an_attempt_that_is_under_way_and_it_may_have_been_sent()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Throttled(15_000), RawHttpReply.Hangs);
        using var ecd = RunningEcdClient.Start(server.Url);

        var send = ecd.SendAsync();
        await server.NextAsync();
        await ecd.PassNextPauseAsync();
        await server.NextAsync();
        ecd.Time.Advance(RunningEcdClient.Budget - TimeSpan.FromSeconds(15));

        Assert.IsType<EcdOutcome.Unknown>(await send);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task A_failure_after_a_throttled_attempt_is_unknown_and_not_repeated()
    {
        await using var server = RawHttpServer.Start(EcdReplies.Throttled(), RawHttpReply.Closes);
        using var ecd = RunningEcdClient.Start(server.Url);

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();

        Assert.IsType<EcdOutcome.Unknown>(await send);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(403, "Forbidden.RAM")]
    [InlineData(400, "MissingRegionId")]
    [InlineData(400, "InvalidTimeStamp.Expired")]
    public async Task A_refusal_that_would_come_again_is_final_after_one_request(int status, string code)
    {
        await using var server = RawHttpServer.Start(EcdReplies.Refused(status, code));
        using var ecd = RunningEcdClient.Start(server.Url);

        var outcome = await ecd.SendAsync();

        Assert.Equal(new EcdOutcome.Rejected(new EcdError(code, status, $"0E5F-{code}")), outcome);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Pauses_are_short_and_not_all_alike_where_Alibaba_names_none()
    {
        var pauses = new List<TimeSpan>();
        for (var i = 0; i < 10; i++)
        {
            await using var server = RawHttpServer.Start(EcdReplies.Throttled());
            using var ecd = RunningEcdClient.Start(server.Url);
            var send = ecd.SendAsync();
            pauses.Add(await ecd.PassNextPauseAsync());
            pauses.Add(await ecd.PassNextPauseAsync());
            await send;
        }

        Assert.All(pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(2)));

        // Callers that were throttled together must not come back together.
        Assert.True(pauses.Distinct().Count() > pauses.Count / 2, $"The pauses are {string.Join(", ", pauses)}.");
    }
}
