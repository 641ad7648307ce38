namespace EdsFunctions.Tests.Notifications;

/// <summary>The app calls the watchdog after successful runs of the timer only.</summary>
public sealed class HeartbeatTests
{
    [Fact]
    public async Task Run_ChannelRejectsNotice_BeatsOnceItIsAccepted()
    {
        await using var watchdog = RawHttpServer.Start(RawHttpReply.Create(200, "text/plain", "OK"));
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
    public async Task Run_WatchdogFails_LogsItAndSucceeds()
    {
        await using var watchdog = RawHttpServer.Start(FakeChannel.Fails);
        await using var app = await EdsApp.StartAsync(
            new() { ["StaleReport:HeartbeatUrl"] = $"{watchdog.Url}ping/SecretOfTheWatchdog" });
        using var metrics = new CapturedMetrics(app.Services);

        await app.RunReportAsync();

        Assert.Equal("GET /ping/SecretOfTheWatchdog HTTP/1.1", Assert.Single(watchdog.Requests).Line);
        var logged = Assert.Single(app.Logged(eventId: 311));
        Assert.StartsWith("The heartbeat call to StaleReport:HeartbeatUrl failed: ", logged, StringComparison.Ordinal);
        Assert.EndsWith("HTTP 500", logged, StringComparison.Ordinal);
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "ok")));
    }
}
