using EdsFunctions.Core.Platforms;

namespace EdsFunctions.Tests.Notifications;

/// <summary>The HTTP status and the body of a platform's response decide whether it accepted a report.</summary>
public sealed class ChannelResponseTests
{
    private const int NotDelivered = 310;

    /// <param name="kind">The kind of channel.</param>
    /// <param name="body">The body of a response with a successful status.</param>
    /// <param name="reason">The reason of the rejection; null if the report is accepted.</param>
    [Theory]
    [InlineData("Slack", "ok", null)]
    [InlineData("Slack", "", null)]
    [InlineData("Slack", """{"ok":true}""", null)]
    [InlineData(
        "Slack", """{"ok":false,"error":"invalid_blocks"}""", "the response says that the message was rejected")]
    [InlineData("Slack", """{"success":true}""", null)]
    [InlineData(
        "Slack",
        """{"success":false,"error":"Invalid integration id or token provided."}""",
        "the response says that the message was rejected")]
    [InlineData("Teams", "", null)]
    [InlineData("Teams", "1", null)]
    [InlineData(
        "Teams",
        "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 413",
        "the response says that the delivery failed")]
    [InlineData("DingTalk", """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData("DingTalk", """{"errcode":310000,"errmsg":"sign not match"}""", "the response has errcode 310000")]
    [InlineData("DingTalk", """{"errcode":"0"}""", "the response has no errcode")]
    [InlineData("DingTalk", """[{"errcode":0}]""", "the response has no errcode")]
    [InlineData("DingTalk", """{"errcode":0""", "the response has no errcode")]
    [InlineData("DingTalk", "", "the response has no errcode")]
    [InlineData("Feishu", """{"code":0,"data":{},"msg":"success"}""", null)]
    [InlineData("Feishu", """{"Extra":null,"StatusCode":0,"StatusMessage":"success"}""", null)]
    [InlineData("Feishu", """{"code":19021,"msg":"sign match fail"}""", "the response has code 19021")]
    [InlineData("Feishu", """{"code":9499,"StatusCode":0}""", "the response has code 9499")]
    [InlineData("Feishu", "<html></html>", "the response has no code")]
    [InlineData("WeCom", """{"errcode":0,"errmsg":"ok"}""", null)]
    [InlineData("WeCom", """{"errcode":93000,"errmsg":"invalid webhook url"}""", "the response has errcode 93000")]
    [InlineData("Webhook", "any body", null)]
    public void GetRejection_SuccessfulStatus_ReturnsTheReasonInTheBody(string kind, string body, string? reason)
    {
        using var services = new ServiceCollection().AddPlatforms().AddSingleton<ChannelKinds>().BuildServiceProvider();
        var kinds = services.GetRequiredService<ChannelKinds>();

        Assert.Equal(reason, kinds.Find(kind)!.GetRejection(Encoding.UTF8.GetBytes(body)));
    }

    /// <param name="kind">The kind of channel.</param>
    /// <param name="status">The HTTP status of the first response.</param>
    /// <param name="body">The body of the first response; null for none.</param>
    /// <param name="reason">The end of the reason of the rejection; null if the report is accepted.</param>
    [Theory]
    [InlineData("Slack", 200, "ok", null)]
    [InlineData("Slack", 302, "", "HTTP 302")]
    [InlineData("Teams", 400, "", "HTTP 400")]
    [InlineData("DingTalk", 200, """{"errcode":0}""", null)]
    [InlineData("DingTalk", 200, """{"errcode":310000}""", "errcode 310000")]
    [InlineData("DingTalk", 500, """{"errcode":0}""", "HTTP 500")]
    [InlineData("Feishu", 200, """{"code":19021}""", "code 19021")]
    [InlineData("Webhook", 204, null, null)]
    public async Task Report_AcceptedOrRejected_IsMarkedOrResent(string kind, int status, string? body, string? reason)
    {
        await using var channel = FakeChannel.Create(
            kind, "ops", Response(status, body), FakeChannel.AcceptanceOf(kind));
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel));
        using var metrics = new CapturedMetrics(app.Services);
        var stale = await app.RecordPendingAsync();
        double Deliveries(string outcome) =>
            metrics.Sum("eds.report.deliveries", ("kind", kind), ("outcome", outcome));

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var (accepted, now) = (reason is null, (double)app.Time.GetUtcNow().ToUnixTimeSeconds());
        var marked = await app.ReadAsync(stale);
        Assert.Equal((1, accepted ? 1 : null), (marked.Reported?.Count, marked.GetReminder("ops")?.Count));
        Assert.Equal(accepted ? (1.0, 0.0) : (0.0, 1.0), (Deliveries("ok"), Deliveries("failed")));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", accepted ? "ok" : "failed")));
        Assert.Equal(accepted ? now : null, metrics.Gauge("eds.report.last_success"));
        Assert.Equal(accepted ? 0 : 1, app.Logged(NotDelivered).Count);
        Assert.All(app.Logged(NotDelivered), entry =>
        {
            Assert.StartsWith(
                $"The report channel ops ({kind}) rejected verifications.stale: ", entry, StringComparison.Ordinal);
            Assert.EndsWith(reason!, entry, StringComparison.Ordinal);
        });

        await app.RunReportAsync();

        Assert.Equal(accepted ? 1 : 2, channel.Requests.Count);
        Assert.All(channel.Requests, request =>
            Assert.StartsWith("POST /services/T0/B0/SecretInThePath?", request.Line, StringComparison.Ordinal));
        Assert.Equal(1, (await app.ReadAsync(stale)).GetReminder("ops")?.Count);
        Assert.Equal(now, metrics.Gauge("eds.report.last_success"));
    }

    [Fact]
    public async Task Report_ResponseOver64KB_IsRejected()
    {
        var tooLong = $$"""{"errmsg":"{{new string('x', 64 * 1024)}}","errcode":0}""";
        await using var channel = FakeChannel.Create("DingTalk", "ops", Response(200, tooLong));
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel));
        var stale = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Null((await app.ReadAsync(stale)).GetReminder("ops"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Report_ChannelHangs_TimesOutAfterTenSeconds(bool inBody)
    {
        var reply = inBody ? Response(200, """{"errcode":0}""").StuckAt(60) : RawHttpReply.Hangs;
        await using var channel = FakeChannel.Create("DingTalk", "ops", reply);
        await using var other = FakeChannel.Slack("other");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(channel, other));
        using var metrics = new CapturedMetrics(app.Services);
        var stale = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromHours(1));

        var run = app.RunReportAsync();
        await channel.NextAsync();
        while (metrics.Sum("eds.report.deliveries", ("outcome", "ok")) == 0)
        {
            // Wait until the report to the other channel was accepted.
            await app.Api.GetAsync("health");
        }

        app.Time.Advance(TimeSpan.FromSeconds(10));
        await run.WithTimeoutAsync();

        var marked = await app.ReadAsync(stale);
        Assert.Equal(
            (null, 1, 1),
            (marked.GetReminder("ops")?.Count, marked.GetReminder("other")?.Count, marked.Reported?.Count));
        Assert.EndsWith("within 10 s", Assert.Single(app.Logged(NotDelivered)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_ConnectionFails_IsRejected()
    {
        using var unused = new UnusedPort();
        await using var broken = FakeChannel.Create("Slack", "broken", RawHttpReply.Resets, RawHttpReply.Closes);
        var settings = FakeChannel.Settings(broken);
        settings["StaleReport:Channels:refused:Kind"] = "Slack";
        settings["StaleReport:Channels:refused:Url"] = unused.Url.ToString();
        await using var app = await EdsApp.StartAsync(settings);
        var stale = await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));
        await app.RunReportAsync();

        Assert.Null((await app.ReadAsync(stale)).ReportedTo);
        Assert.Equal(4, app.Logged(NotDelivered).Count);
        Assert.Equal(2, app.Logged(NotDelivered).Count(entry => entry.StartsWith(
            "The report channel refused (Slack) rejected verifications.stale: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true, "the connection to the proxy {0} of HTTPS_PROXY failed")]
    [InlineData(false, "the proxy {0} of HTTPS_PROXY refused the connection")]
    public async Task Report_ProxyFails_NamesTheProxyWithoutItsPassword(bool isDown, string reason)
    {
        using var unused = new UnusedPort();
        await using var refusing = RawHttpServer.Start(RawHttpReply.Create(403, "text/html", "Denied"));
        var proxy = (isDown ? unused.Url : refusing.Url).Authority;
        await using var app = await EdsApp.StartAsync(
            new()
            {
                ["StaleReport:Channels:ops:Kind"] = "Slack",
                ["StaleReport:Channels:ops:Url"] = "https://hooks.slack.test/services/T0/B0/SecretInThePath",
            },
            services => services.AddSingleton<IWebProxy>(new WebProxy($"http://user:pr0xy-passw0rd@{proxy}")));
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        Assert.Equal(
            $"The report channel ops (Slack) rejected verifications.stale: {reason.Replace("{0}", proxy)}",
            Assert.Single(app.Logged(NotDelivered)));
    }

    /// <summary>Creates a response, without a body if it is null.</summary>
    private static RawHttpReply Response(int status, string? body) => body is null
        ? new RawHttpReply($"HTTP/1.1 {status} As Scripted\r\n\r\n", RawHttpReply.ConnectionAction.KeepOpen)
        : RawHttpReply.Create(status, "text/plain", body, ("Location", "/elsewhere"));
}
