using EdsFunctions.Core.Platforms;

namespace EdsFunctions.Tests.Notifications;

/// <summary>Whether a channel accepted a report, which the HTTP status does not always say.</summary>
public sealed class ChannelResponseTests
{
    private const int NotDelivered = 310;

    /// <param name="kind">The kind of channel.</param>
    /// <param name="body">The body of a response with a status of success.</param>
    /// <param name="reason">Why the report was not accepted; null if it was.</param>
    [Theory]
    [InlineData("Slack", "ok", null)]
    [InlineData("Slack", "", null)]
    [InlineData("Slack", """{"ok":true}""", null)]
    [InlineData("Slack", """{"ok":false,"error":"invalid_blocks"}""", "it answered that it is not ok")]
    [InlineData("Slack", """{"success":true}""", null)]
    [InlineData("Slack", """{"success":false,"error":"Invalid integration id or token provided."}""", "it answered that it is not ok")]
    [InlineData("Teams", "", null)]
    [InlineData("Teams", "1", null)]
    [InlineData(
        "Teams",
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413",
        "it answered that the delivery failed")]
    [InlineData("DingTalk", """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData("DingTalk", """{"errcode":310000,"errmsg":"sign not match"}""", "it answered errcode 310000")]
    [InlineData("DingTalk", """{"errcode":"0"}""", "its answer has no errcode")]
    [InlineData("DingTalk", """[{"errcode":0}]""", "its answer has no errcode")]
    [InlineData("DingTalk", """{"errcode":0""", "its answer has no errcode")]
    [InlineData("DingTalk", "", "its answer has no errcode")]
    [InlineData("Feishu", """{"code":0,"data":{},"msg":"success"}""", null)]
    [InlineData("Feishu", """{"Extra":null,"StatusCode":0,"StatusMessage":"success"}""", null)]
    [InlineData("Feishu", """{"code":19021,"msg":"sign match fail"}""", "it answered code 19021")]
    [InlineData("Feishu", """{"code":9499,"StatusCode":0}""", "it answered code 9499")]
    [InlineData("Feishu", "<html></html>", "its answer has no code")]
    [InlineData("WeCom", """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData("WeCom", """{"errcode":93000,"errmsg":"invalid webhook url"}""", "it answered errcode 93000")]
    [InlineData("Webhook", "whatever", null)]
    public void The_body_of_a_response_is_an_acceptance_or_a_rejection(string kind, string body, string? reason)
    {
        var kinds = new ServiceCollection().AddPlatforms().AddSingleton<ChannelKinds>().BuildServiceProvider().GetRequiredService<ChannelKinds>();

        Assert.Equal(reason, kinds.Find(kind)!.GetRejection(Encoding.UTF8.GetBytes(body)));
    }

    /// <param name="kind">The kind of channel.</param>
    /// <param name="status">The HTTP status of the first response.</param>
    /// <param name="body">Its body; null for none at all.</param>
    /// <param name="reason">Why the report was not accepted; null if it was.</param>
    [Theory]
    [InlineData("Slack", 200, "ok", null)]
    [InlineData("Slack", 302, "", "it answered HTTP 302")]
    [InlineData("Teams", 400, "", "it answered HTTP 400")]
    [InlineData("DingTalk", 200, """{"errcode":0}""", null)]
    [InlineData("DingTalk", 200, """{"errcode":310000}""", "it answered errcode 310000")]
    [InlineData("DingTalk", 500, """{"errcode":0}""", "it answered HTTP 500")]
    [InlineData("Feishu", 200, """{"code":19021}""", "it answered code 19021")]
    [InlineData("Webhook", 204, null, null)]
    public async Task A_report_that_the_platform_accepts_is_marked_and_any_other_is_sent_again(
        string kind, int status, string? body, string? reason)
    {
        await using var channel = FakeChannel.Of(kind, "ops", Response(status, body), FakeChannel.AcceptanceOf(kind));
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel));
        using var metrics = new CapturedMetrics(app.Services);
        var waiting = await app.RecordPendingAsync();
        double Deliveries(string outcome) => metrics.Sum("eds.report.deliveries", ("kind", $"{kind}"), ("outcome", outcome));

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var (accepted, now) = (reason is null, (double)app.Time.GetUtcNow().ToUnixTimeSeconds());
        var marked = await app.ReadAsync(waiting);
        Assert.Equal((1, accepted ? 1 : null), (marked.Reported?.Count, marked.GetReminder("ops")?.Count));
        Assert.Equal(accepted ? (1.0, 0.0) : (0.0, 1.0), (Deliveries("ok"), Deliveries("failed")));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", accepted ? "ok" : "failed")));
        Assert.Equal(accepted ? now : null, metrics.Gauge("eds.report.last_success"));
        string[] logged = accepted ? [] : [$"The report channel ops ({kind}) did not take verifications.stale: {reason}"];
        Assert.Equal(logged, app.Logged(NotDelivered));

        await app.RunReportAsync();

        Assert.Equal(accepted ? 1 : 2, channel.Requests.Count);
        Assert.All(channel.Requests, request =>
            Assert.StartsWith("POST /services/T0/B0/SecretInThePath?", request.Line, StringComparison.Ordinal));
        Assert.Equal(1, (await app.ReadAsync(waiting)).GetReminder("ops")?.Count);
        Assert.Equal(now, metrics.Gauge("eds.report.last_success"));
    }

    [Fact]
    public async Task No_more_than_64_KB_of_a_response_is_read()
    {
        var endless = $$"""{"errmsg":"{{new string('x', 64 * 1024)}}","errcode":0}""";
        await using var channel = FakeChannel.Of("DingTalk", "ops", Response(200, endless));
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel));
        var waiting = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Null((await app.ReadAsync(waiting)).GetReminder("ops"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_channel_that_hangs_holds_the_run_up_for_ten_seconds(bool inItsAnswer)
    {
        var reply = inItsAnswer ? Response(200, """{"errcode":0}""").StuckAt(60) : RawHttpReply.Hangs;
        await using var channel = FakeChannel.Of("DingTalk", "ops", reply);
        await using var other = FakeChannel.Slack("other");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel, other));
        using var metrics = new CapturedMetrics(app.Services);
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        var run = app.RunReportAsync();
        await channel.NextAsync();
        while (metrics.Sum("eds.report.deliveries", ("outcome", "ok")) == 0)
        {
            // Until the other channel has its report.
            await app.Api.GetAsync("health");
        }

        app.Time.Advance(TimeSpan.FromSeconds(10));
        await run.SoonAsync();

        var marked = await app.ReadAsync(waiting);
        Assert.Equal((null, 1, 1), (marked.GetReminder("ops")?.Count, marked.GetReminder("other")?.Count, marked.Reported?.Count));
        Assert.EndsWith("it did not answer within 10 s", Assert.Single(app.Logged(NotDelivered)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_refused_or_breaks_is_a_failure()
    {
        using var unused = new UnusedPort();
        await using var broken = FakeChannel.Of("Slack", "broken", RawHttpReply.Resets, RawHttpReply.Closes);
        var settings = FakeChannel.Settings(broken);
        settings["StaleReport:Channels:refused:Kind"] = "Slack";
        settings["StaleReport:Channels:refused:Url"] = unused.Url.ToString();
        await using var app = await EdsApp.StartAsync(settings);
        var waiting = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));
        await app.RunReportAsync();

        Assert.Null((await app.ReadAsync(waiting)).ReportedTo);
        Assert.Equal(4, app.Logged(NotDelivered).Count);
        Assert.Equal(2, app.Logged(NotDelivered).Count(entry => entry.EndsWith(
            "refused (Slack) did not take verifications.stale: no connection", StringComparison.Ordinal)));
    }

    /// <summary>A response; null for one without a body.</summary>
    private static RawHttpReply Response(int status, string? body) => body is null
        ? new RawHttpReply($"HTTP/1.1 {status} As Scripted\r\n\r\n", RawHttpReply.Ending.KeepOpen)
        : RawHttpReply.Answers(status, "text/plain", body, ("Location", "/elsewhere"));
}
