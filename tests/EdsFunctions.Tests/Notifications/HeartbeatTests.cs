namespace EdsFunctions.Tests.Notifications;

/// <summary>The watchdog is called after each run that went well, and after no other.</summary>
public sealed class HeartbeatTests
{
    [Fact]
    public async Task It_is_called_once_every_channel_has_accepted_its_notices()
    {
        await using var watchdog = RawHttpServer.Start(RawHttpReply.Answers(200, "text/plain", "OK"));
        await using var ops = FakeChannel.Slack("ops", "FA");
        var settings = FakeChannel.Settings(ops);
        settings["StaleReport:HeartbeatUrl"] = watchdog.Url.ToString();
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync();
        await app.RunReportAsync(TimeSpan.FromHours(1));
        Assert.Empty(watchdog.Requests);
        await app.RunReportAsync();

        Assert.Single(watchdog.Requests);
    }

    [Fact]
    public async Task A_watchdog_that_fails_after_a_run_with_nothing_to_report_is_logged_and_the_run_is_a_success()
    {
        await using var watchdog = RawHttpServer.Start(FakeChannel.Fails);
        await using var app = await EdsApp.StartAsync(new() { ["StaleReport:HeartbeatUrl"] = $"{watchdog.Url}ping/SecretOfTheWatchdog" });
        using var metrics = new CapturedMetrics(app.Services);

        await app.RunReportAsync();

        Assert.Equal("GET /ping/SecretOfTheWatchdog HTTP/1.1", Assert.Single(watchdog.Requests).Line);
        Assert.Equal("The heartbeat was not taken: it answered HTTP 500", Assert.Single(app.Logged(eventId: 311)));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "ok")));
    }
}
