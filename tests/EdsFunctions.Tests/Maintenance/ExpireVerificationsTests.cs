using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Maintenance;

/// <summary>
/// An expired verification is closed after the notice about it, or after a day if a channel rejects the notice.
/// </summary>
public sealed class ExpireVerificationsTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task Run_VerificationExpires_SendsFinalNoticeAndCloses()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var robot = FakeChannel.Create("DingTalk", "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops, robot));
        using var metrics = new CapturedMetrics(app.Services);
        var old = await app.RecordPendingAsync();

        await app.RunReportAsync(Week);
        await app.RunReportAsync();

        Assert.Equal(ExpiredHeadline(1), Assert.Single(ops.Headlines));
        Assert.Contains(old.Ref, ops.Requests[0].Body, StringComparison.Ordinal);
        Assert.Contains("Waiting: 7 d 0 h, since 2026-11-24 12:00 UTC", ops.Requests[0].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("done ", ops.Requests[0].Body, StringComparison.Ordinal);
        Assert.Single(robot.Requests);
        var closed = await app.ReadAsync(old);
        Assert.Equal(VerificationState.Expired, closed.State);
        Assert.True(closed.GetReminder("ops") is { Final: true } && closed.GetReminder("robot") is { Final: true });
        Assert.Equal(1, metrics.Sum("eds.verifications.closed", ("state", "expired")));
    }

    [Theory]
    [InlineData("FFA", "23:00:00", "00:00:00")]
    [InlineData("F", "23:59:59", "00:00:01")]
    public async Task Run_ChannelRejectsFinalNotice_KeepsVerificationOpenForOneDayAtMost(
        string script, string open, string closed)
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var broken = FakeChannel.Slack("broken", script);
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops, broken));
        var old = await app.RecordPendingAsync();

        await app.RunReportAsync(Week);
        await app.RunReportAsync(TimeSpan.Parse(open, CultureInfo.InvariantCulture));
        Assert.Equal(VerificationState.Pending, (await app.ReadAsync(old)).State);
        Assert.Equal("0", (await app.Api.GetAsync("reports/stale"))["staleCount"]);

        await app.RunReportAsync(TimeSpan.Parse(closed, CultureInfo.InvariantCulture));

        Assert.Equal(VerificationState.Expired, (await app.ReadAsync(old)).State);
        Assert.Equal((1, 3), (ops.Requests.Count, broken.Requests.Count));
    }

    [Fact]
    public async Task Run_MoreThan20Expire_ClosesTheRestAfterTheNextNotice()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var old = await app.RecordPendingAsync(count: 25);
        // The same holds if the timer did not run for longer than a channel may delay the close.
        await app.RunReportAsync(TimeSpan.FromDays(9));
        Assert.Equal(20, (await app.RecordsAsync()).Count(one => one.State == VerificationState.Expired));
        Assert.Contains("\"+5 more\"", ops.Messages[0], StringComparison.Ordinal);
        await app.RunReportAsync();

        Assert.Equal([ExpiredHeadline(25), ExpiredHeadline(5)], ops.Headlines);
        Assert.All(await app.RecordsAsync(), one => Assert.Equal(VerificationState.Expired, one.State));
        Assert.All(old, one => Assert.Single(
            ops.Requests, request => request.Body.Contains(one.Ref, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Complete_ExpiredAndOpen_StaysCompleted()
    {
        await using var broken = FakeChannel.Slack("broken", "F");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(broken));
        var old = await app.RecordPendingAsync();
        await app.RunReportAsync(Week);

        (await app.Api.CompleteAsync(old.Id)).ShouldBe(200);
        await app.RunReportAsync(TimeSpan.FromDays(2));

        Assert.Equal(VerificationState.Completed, (await app.ReadAsync(old)).State);
        Assert.Single(broken.Requests);
    }

    [Fact]
    public async Task Run_NoChannels_ExpiresAfterAWeekAndReportsNothing()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var sent = await app.Api.SendAsync(verification);

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal("expired", (await app.Api.GetAsync(sent.Id))["state"]);
        Assert.Empty(app.LoggedReports());
        Assert.Equal(201, (await app.Api.SendAsync(verification)).Status);
    }

    private static string ExpiredHeadline(int count) =>
        string.Format(CultureInfo.InvariantCulture, Texts.ExpiredHeadline.English, "7 d 0 h", count);
}
