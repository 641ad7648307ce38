namespace EdsFunctions.Tests.Alibaba;

/// <summary>What was certainly not done is tried again, signed afresh, three times at most and within the budget.</summary>
public sealed class EcdClientRetryTests
{
    public static TheoryData<string, EcdOutcome> Failures => new()
    {
        { "refused connection", new EcdOutcome.NotSent("no connection to Alibaba") },
        { "untrusted certificate", new EcdOutcome.NotSent("no secure connection to Alibaba") },
        { "throttling", new EcdOutcome.Rejected(new EcdError("Throttling.User", 400, "0E5F-Throttling.User")) },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task A_failure_that_does_not_end_is_the_outcome_after_three_attempts(string failure, EcdOutcome expected)
    {
        using var unused = new UnusedPort();
        await using var untrusted = RawHttpServer.StartUntrusted();
        await using var throttling = RawHttpServer.Start(EcdReplies.Throttled());
        using var ecd = RunningEcdClient.Start(failure switch
        {
            "refused connection" => unused.Url,
            "untrusted certificate" => untrusted.Url,
            _ => throttling.Url,
        });

        var send = ecd.SendAsync();
        await ecd.PassNextPauseAsync();
        await ecd.PassNextPauseAsync();

        Assert.Equal(expected, await send);
        Assert.Contains("(attempts: 3)", ecd.Logged(expected is EcdOutcome.NotSent ? 112 : 111).Message, StringComparison.Ordinal);
        Assert.Equal(expected is EcdOutcome.NotSent ? 0 : 3, throttling.Requests.Count);
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
