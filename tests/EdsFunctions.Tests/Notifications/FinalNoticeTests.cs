namespace EdsFunctions.Tests.Notifications;

/// <summary>Expired verifications are closed once the channels were told, and are not kept open for a channel that is broken.</summary>
public sealed class FinalNoticeTests
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    [Fact]
    public async Task After_a_week_a_verification_is_reported_as_given_up_and_closed()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var robot = FakeChannel.Of("DingTalk", "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops, robot));
        using var metrics = new CapturedMetrics(app.Services);
        var old = await app.RecordPendingAsync();

        await app.RunReportAsync(Week);
        await app.RunReportAsync();

        Assert.Equal("Given up after 7 d 0 h without a code: 1", Assert.Single(ops.Headlines));
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
    public async Task It_stays_open_until_every_channel_has_accepted_the_notice_but_for_no_longer_than_a_day(
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
    public async Task A_notice_names_twenty_and_those_that_it_does_not_name_are_closed_once_another_has()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var old = await app.RecordPendingAsync(count: 25);
        // The runs were missed for longer than a notice may take: they are named all the same.
        await app.RunReportAsync(TimeSpan.FromDays(9));
        Assert.Equal(20, (await app.RecordsAsync()).Count(one => one.State == VerificationState.Expired));
        Assert.Contains("\"+5 more\"", ops.Said[0], StringComparison.Ordinal);
        await app.RunReportAsync();

        Assert.Equal(["Given up after 7 d 0 h without a code: 25", "Given up after 7 d 0 h without a code: 5"], ops.Headlines);
        Assert.All(await app.RecordsAsync(), one => Assert.Equal(VerificationState.Expired, one.State));
        Assert.All(old, one => Assert.Single(ops.Requests, request => request.Body.Contains(one.Ref, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task It_can_still_be_closed_as_completed_and_stays_so()
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
}
