namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>Whoever was told that something waits is told, once, that nothing does any more.</summary>
public sealed class AllClearTests
{
    private const string AllClear = "All clear: no verification waits too long any more";

    private static readonly RawHttpReply Fails = RawHttpReply.Answers(500, "text/plain", "");
    private static readonly RawHttpReply Takes = PlayedChannel.Accepts(ReportChannelKind.Slack);

    [Fact]
    public async Task It_is_said_once_when_the_last_one_is_gone()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync(count: 2);
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        await app.Api.CompleteAsync(waiting[0].Id);
        await app.RunReportAsync();
        Assert.Single(ops.Requests);

        await app.Api.CancelAsync(waiting[1].Id);
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal(2, ops.Requests.Count);
        Assert.Equal(AllClear, ops.Headlines[1]);
    }

    [Fact]
    public async Task It_is_said_again_after_something_waited_again()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        for (var time = 0; time < 2; time++)
        {
            var waiting = await app.RecordPendingAsync();
            app.Time.Advance(TimeSpan.FromHours(1));
            await app.RunReportAsync();
            await app.Api.CompleteAsync(waiting.Id);
            await app.RunReportAsync();
        }

        Assert.Equal(2, ops.Headlines.Count(headline => headline == AllClear));
    }

    [Fact]
    public async Task It_is_said_after_a_restart_too()
    {
        using var folder = new TemporaryFolder();
        await using var ops = PlayedChannel.Slack("ops");
        var settings = PlayedChannel.Settings(ops);
        settings["Verifications:SqlitePath"] = folder.File("shared.db");
        await using (var before = await EdsApp.StartAsync(settings))
        {
            var waiting = await before.RecordPendingAsync();
            before.Time.Advance(TimeSpan.FromHours(1));
            await before.RunReportAsync();
            await before.Api.CompleteAsync(waiting.Id);
        }

        await using var after = await EdsApp.StartAsync(settings);
        await after.RunReportAsync();
        await after.RunReportAsync();

        Assert.Equal([AllClear], ops.Headlines.Skip(1));
    }

    [Fact]
    public async Task A_channel_that_was_told_of_nothing_does_not_hear_that_it_is_over()
    {
        await using var failed = PlayedChannel.Slack("failed", Fails, Takes);
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(failed));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        await app.Api.CompleteAsync(waiting.Id);

        await app.RunReportAsync();

        Assert.Single(failed.Requests);
    }

    [Fact]
    public async Task A_channel_that_was_told_before_hears_it_though_a_later_report_failed()
    {
        await using var ops = PlayedChannel.Slack("ops", Takes, Fails, Takes);
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        app.Time.Advance(TimeSpan.FromHours(4));
        await app.RunReportAsync();
        await app.Api.CompleteAsync(waiting.Id);

        await app.RunReportAsync();

        Assert.Equal(AllClear, ops.Headlines[2]);
    }

    [Fact]
    public async Task It_is_said_again_where_it_was_not_taken()
    {
        await using var ops = PlayedChannel.Slack("ops", Takes, Fails, Takes);
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        await app.Api.CompleteAsync(waiting.Id);

        await app.RunReportAsync();
        await app.RunReportAsync();
        await app.RunReportAsync();

        Assert.Equal([AllClear, AllClear], ops.Headlines.Skip(1));
    }

    [Fact]
    public async Task What_is_given_up_is_said_before_it()
    {
        await using var ops = PlayedChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(PlayedChannel.Settings(ops));
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        app.Time.Advance(TimeSpan.FromDays(7));

        await app.RunReportAsync();

        Assert.Equal(["Given up after 7 d 0 h without a code: 1", AllClear], ops.Headlines.Skip(1));
    }
}
