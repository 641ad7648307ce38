namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>What channels are told of, and how often: as much as somebody has to know, and no more.</summary>
public sealed class ChannelDigestTests
{
    private static readonly RawHttpReply Fails = RawHttpReply.Answers(500, "text/plain", "");

    [Fact]
    public async Task When_nothing_is_stale_no_channel_hears_anything()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var sent = await app.Api.SendAsync(A.Verification);
        await app.RunReportAsync();
        await app.Api.CompleteAsync(sent.Id);
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        Assert.Empty(ops.Requests);
    }

    [Fact]
    public async Task A_channel_hears_the_same_again_after_four_hours_then_after_eight()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromMinutes(30));
        var said = new List<double>();

        for (var quarter = 0; quarter <= 4 * 13; quarter++, app.Time.Advance(TimeSpan.FromMinutes(15)))
        {
            var before = ops.Requests.Count;
            await app.RunReportAsync();
            if (ops.Requests.Count > before)
            {
                said.Add(quarter / 4.0);
            }
        }

        Assert.Equal([0, 4, 12], said);
    }

    [Fact]
    public async Task A_channel_that_fails_stops_no_other_and_only_it_is_told_again()
    {
        await using var broken = PlayedChannel.Slack("broken", Fails, Fails, PlayedChannel.Accepts(ReportChannelKind.Slack));
        await using var ops = PlayedChannel.Slack("ops");
        await using var robot = PlayedChannel.Of(ReportChannelKind.Feishu, "robot");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(broken, ops, robot));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();
        await app.RunReportAsync();
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal((3, 1, 1), (broken.Requests.Count, ops.Requests.Count, robot.Requests.Count));
        var marked = await app.ReadAsync(waiting);
        Assert.Equal((1, 1, 1), (marked.MarkOf("broken")?.Count, marked.MarkOf("ops")?.Count, marked.Reported?.Count));
        // What was told to both is due to each at its own time.
        app.Time.Advance(TimeSpan.FromHours(4));
        await app.RunReportAsync();
        Assert.Equal((4, 2), (broken.Requests.Count, ops.Requests.Count));
    }

    [Fact]
    public async Task The_log_and_the_channels_are_marked_in_one_write()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var onCall = PlayedChannel.Slack("on-call");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops, onCall));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        Assert.Equal(("1", "2"), (waiting.Version, (await app.ReadAsync(waiting)).Version));
    }

    [Fact]
    public async Task A_channel_is_told_of_twenty_and_how_many_more_there_are_and_of_those_the_next_time()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync(count: 25);
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();
        await app.RunReportAsync();
        await app.RunReportAsync();

        var (first, second) = (ops.Said[0], ops.Said[1]);
        Assert.Equal(2, ops.Requests.Count);
        Assert.Equal("Verifications that wait too long: 25, the oldest for 1 h 0 min", ops.Headlines[0]);
        Assert.All(waiting.Take(20), one => Assert.Contains($"done {one.Ref}", first, StringComparison.Ordinal));
        Assert.All(waiting.Skip(20), one => Assert.DoesNotContain(one.Ref, first, StringComparison.Ordinal));
        Assert.Contains("\"+5 more\"", first, StringComparison.Ordinal);
        Assert.All(waiting.Skip(20), one => Assert.Contains($"done {one.Ref}", second, StringComparison.Ordinal));
        Assert.All(waiting.Take(20), one => Assert.DoesNotContain(one.Ref, second, StringComparison.Ordinal));
        Assert.DoesNotContain("more", second, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ReportChannelKind.Teams, 25 * 1024)]
    [InlineData(ReportChannelKind.DingTalk, 20_000)]
    [InlineData(ReportChannelKind.Feishu, 20_000)]
    public async Task A_message_is_no_longer_than_the_platform_takes_and_the_rest_follows(ReportChannelKind kind, int limit)
    {
        await using var robot = PlayedChannel.Of(kind, "robot");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(robot));
        var waiting = new List<Verification>();
        for (var i = 0; i < 20; i++)
        {
            waiting.Add(await app.RecordPendingAsync(A.Verification.ForCen($"{A.FreshCen()}{new string('x', 40)}").By(new string('问', 500), new string('注', 500))));
        }

        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal(2, robot.Requests.Count);
        Assert.InRange(Encoding.UTF8.GetByteCount(robot.Requests[0].Body), limit * 9 / 10, limit);
        Assert.All(robot.Requests, request => Assert.InRange(Encoding.UTF8.GetByteCount(request.Body), 1, limit));
        Assert.All(waiting, one => Assert.Single(
            robot.Requests, request => request.Body.Contains($"done {one.Ref}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_code_that_is_sent_anew_is_reported_as_if_for_the_first_time()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var verification = A.Verification;
        await app.Api.SendAsync(verification);
        app.Time.Advance(TimeSpan.FromMinutes(30));
        await app.RunReportAsync();
        await app.Api.SendAsync(verification);
        Assert.Null(Assert.Single(await app.RecordsAsync()).ReportedTo);
        app.Time.Advance(TimeSpan.FromMinutes(30));

        await app.RunReportAsync();

        Assert.Equal(2, ops.Headlines.Count(headline => headline.EndsWith("the oldest for 30 min", StringComparison.Ordinal)));
        Assert.Equal(1, Assert.Single(await app.RecordsAsync()).MarkOf("ops")?.Count);
    }

    [Fact]
    public async Task Runs_at_the_same_time_tell_of_it_and_mark_it_once()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync(count: 5);
        app.Time.Advance(TimeSpan.FromHours(1));

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(app.RunReportAsync)));

        Assert.InRange(ops.Requests.Count, 1, 4);
        Assert.All(await app.RecordsAsync(), one => Assert.Equal(1, one.MarkOf("ops")?.Count));
        Assert.Equal(5, waiting.Count);
    }

    [Fact]
    public async Task The_preview_asks_no_channel_and_marks_nothing()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        (await app.Api.GetAsync("reports/stale")).ShouldBe(200);

        Assert.Empty(ops.Requests);
        Assert.Equal(waiting, await app.ReadAsync(waiting));
    }
}
