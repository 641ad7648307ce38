namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>A watchdog hears of each run that went well, and of no other.</summary>
public sealed class HeartbeatTests
{
    private const int NotTaken = 311;

    private static readonly RawHttpReply Fails = RawHttpReply.Answers(500, "text/plain", "");

    [Fact]
    public async Task It_is_called_after_a_run_that_had_nothing_to_say()
    {
        await using var watchdog = RawHttpServer.Start(RawHttpReply.Answers(200, "text/plain", "OK"));
        await using var app = await EdsApp.StartAsync(new() { ["StaleReport:HeartbeatUrl"] = $"{watchdog.Url}ping/SecretOfTheWatchdog" });

        await app.RunReportAsync();

        Assert.Equal("GET /ping/SecretOfTheWatchdog HTTP/1.1", Assert.Single(watchdog.Requests).Line);
    }

    [Fact]
    public async Task It_is_called_once_every_channel_has_taken_what_it_was_told()
    {
        await using var watchdog = RawHttpServer.Start(RawHttpReply.Answers(200, "text/plain", "OK"));
        await using var ops = PlayedChannel.Slack("ops", Fails, PlayedChannel.Accepts(ReportChannelKind.Slack));
        var settings = PlayedChannel.Settings(ops);
        settings["StaleReport:HeartbeatUrl"] = watchdog.Url.ToString();
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();
        Assert.Empty(watchdog.Requests);
        await app.RunReportAsync();

        Assert.Single(watchdog.Requests);
    }

    [Fact]
    public async Task A_watchdog_that_does_not_answer_well_is_logged_and_nothing_else()
    {
        await using var watchdog = RawHttpServer.Start(Fails);
        await using var app = await EdsApp.StartAsync(new() { ["StaleReport:HeartbeatUrl"] = $"{watchdog.Url}ping/SecretOfTheWatchdog" });
        using var metrics = new CapturedMetrics(app.Services);

        await app.RunReportAsync();

        Assert.Equal(
            "The heartbeat was not taken: it answered HTTP 500", Assert.Single(app.Log.Entries, entry => entry.EventId == NotTaken).Text);
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Text.Contains("SecretOfTheWatchdog", StringComparison.Ordinal));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "ok")));
    }
}
