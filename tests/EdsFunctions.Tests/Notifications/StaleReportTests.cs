using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Notifications;

/// <summary>The report of stale verifications in the log and in channels, and its preview.</summary>
public sealed class StaleReportTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Run_StaleVerifications_LogsOneEntry()
    {
        await using var app = await EdsApp.StartAsync();
        var first = await app.Api.SendAsync(A.Verification.By("alice", "office in Hangzhou"));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        var second = await app.Api.SendAsync(A.Verification.OwnedBy(null));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(A.Verification);

        await app.RunReportAsync(TimeSpan.FromMinutes(20));

        var lines = Assert.Single(app.LoggedReports()).Split('\n');
        Assert.Equal(
            "Stale verifications: 2, the oldest for 40 min. Due for this report: 2, of which 0 are not listed",
            lines[0]);
        Assert.Equal(
            $"{first.Id} pending for 40 min, since 2026-11-24 12:00:00Z: {first["cenId"]} in cn-hangzhou" +
            ", owner ************3456, requested by alice, note: office in Hangzhou",
            lines[1]);
        Assert.StartsWith($"{second.Id} pending for 30 min", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("owner", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Run_NothingStale_ReportsNothing()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var sent = await app.Api.SendAsync(A.Verification);
        await app.RunReportAsync();
        await app.Api.CompleteAsync(sent.Id);

        await app.RunReportAsync(Hour);

        Assert.Empty(app.LoggedReports());
        Assert.Empty(ops.Requests);
    }

    [Fact]
    public async Task Run_StillStale_RemindsAfterFourHoursThenEight()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        await app.RecordPendingAsync();
        var (logged, sent) = (new List<int>(), new List<int>());

        for (var hour = 0; hour <= 13; hour++)
        {
            var before = (Logged: app.LoggedReports().Count, Sent: ops.Requests.Count);
            await app.RunReportAsync(hour == 0 ? TimeSpan.FromMinutes(30) : Hour);
            logged.AddRange(app.LoggedReports().Skip(before.Logged).Select(_ => hour));
            sent.AddRange(ops.Requests.Skip(before.Sent).Select(_ => hour));
        }

        Assert.Equal([0, 4, 12], logged);
        Assert.Equal([0, 4, 12], sent);
    }

    [Fact]
    public async Task Run_MoreThan20Due_ReportsTheRestInTheNextRun()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var stale = await app.RecordPendingAsync(count: 25);

        await app.RunReportAsync(Hour);
        await app.RunReportAsync();
        await app.RunReportAsync();

        var logged = app.LoggedReports();
        Assert.Equal(2, logged.Count);
        Assert.StartsWith(
            "Stale verifications: 25, the oldest for 1 h 0 min. Due for this report: 25, of which 5 are not listed",
            logged[0],
            StringComparison.Ordinal);
        Assert.StartsWith(
            "Stale verifications: 25, the oldest for 1 h 0 min. Due for this report: 5, of which 0 are not listed",
            logged[1],
            StringComparison.Ordinal);
        Assert.Equal(
            stale.Take(20).Select(one => $"{one.Id}"),
            logged[0].Split('\n').Skip(1).Select(line => line[..36]));
        Assert.Equal(
            stale.Skip(20).Select(one => $"{one.Id}"),
            logged[1].Split('\n').Skip(1).Select(line => line[..36]));

        Assert.Equal(2, ops.Requests.Count);
        Assert.Equal("Stale verifications: 25, the oldest for 1 h 0 min", ops.Headlines[0]);
        Assert.Equal((20, 5), (Listed(ops.Messages[0], stale.Take(20)), Listed(ops.Messages[1], stale.Skip(20))));
        Assert.Equal((0, 0), (Listed(ops.Messages[0], stale.Skip(20)), Listed(ops.Messages[1], stale.Take(20))));
        Assert.Contains("\"+5 more\"", ops.Messages[0], StringComparison.Ordinal);
        Assert.DoesNotContain("more", ops.Messages[1], StringComparison.Ordinal);

        static int Listed(string message, IEnumerable<Verification> verifications) =>
            verifications.Count(one => message.Contains($"done {one.Ref}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_CodeIsResent_RestartsTheAge()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var sent = await app.Api.SendAsync(A.Verification);
        await app.RunReportAsync(TimeSpan.FromMinutes(30));
        (await app.Api.PostAsync($"verifications/{sent.Id}/resend", null)).ShouldBe(200);
        Assert.Null(Assert.Single(await app.RecordsAsync()).ReportedTo);
        await app.RunReportAsync(TimeSpan.FromMinutes(29));
        Assert.Single(app.LoggedReports());

        await app.RunReportAsync(TimeSpan.FromMinutes(1));

        Assert.Equal(
            2, app.LoggedReports().Count(entry => entry.Contains("the oldest for 30 min", StringComparison.Ordinal)));
        Assert.Equal(
            2, ops.Headlines.Count(headline => headline.EndsWith("the oldest for 30 min", StringComparison.Ordinal)));
        Assert.Equal(1, Assert.Single(await app.RecordsAsync()).GetReminder("ops")?.Count);
    }

    [Fact]
    public async Task Run_Concurrent_MarksEachVerificationOnce()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        await app.RecordPendingAsync(count: 10);
        app.Time.Advance(Hour);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(app.RunReportAsync)));

        Assert.InRange(ops.Requests.Count, 1, 8);
        Assert.All(
            await app.RecordsAsync(),
            one => Assert.Equal((1, 1), (one.Reported?.Count, one.GetReminder("ops")?.Count)));
    }

    [Fact]
    public async Task Run_OneChannelFails_RepeatsTheReportToThatChannelOnly()
    {
        await using var broken = FakeChannel.Slack("broken", "FFA");
        await using var ops = FakeChannel.Slack("ops");
        await using var robot = FakeChannel.Create("Feishu", "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(broken, ops, robot));
        var stale = await app.RecordPendingAsync();
        app.Time.Advance(Hour);

        for (var run = 0; run < 4; run++)
        {
            await app.RunReportAsync();
        }

        Assert.Equal((3, 1, 1), (broken.Requests.Count, ops.Requests.Count, robot.Requests.Count));
        var marked = await app.ReadAsync(stale);
        Assert.Equal(
            (1, 1, 1),
            (marked.GetReminder("broken")?.Count, marked.GetReminder("ops")?.Count, marked.Reported?.Count));
        // The time of the next reminder is different for each channel.
        await app.RunReportAsync(TimeSpan.FromHours(4));
        Assert.Equal((4, 2), (broken.Requests.Count, ops.Requests.Count));
    }

    [Fact]
    public async Task Preview_StaleAndDue_ListsBothAndChangesNothing()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var reported = await app.RecordPendingAsync();
        await app.RunReportAsync(TimeSpan.FromMinutes(30));
        var due = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromMinutes(45));

        var preview = await app.Api.GetAsync("reports/stale");
        var again = await app.Api.GetAsync("reports/stale");

        Assert.Equal(preview.Text, again.ShouldBe(200).Text);
        Assert.Equal(("2", "1", "0"), (preview["staleCount"], preview["dueCount"], preview["more"]));
        Assert.Equal((reported.Id.ToString(), "False"), (preview["items.0.verification.id"], preview["items.0.due"]));
        Assert.Equal((due.Id.ToString(), "True"), (preview["items.1.verification.id"], preview["items.1.due"]));
        Assert.Equal(("45 min", "2700"), (preview["items.1.waiting"], preview["items.1.waitingSeconds"]));
        Assert.Equal(
            ("2026-11-24T16:30:00Z", "2026-11-24T13:15:00Z"),
            (preview["items.0.nextReportAt"], preview["items.1.nextReportAt"]));
        Assert.Single(ops.Requests);
        Assert.Equal(due, await app.ReadAsync(due));
    }

    [Fact]
    public async Task Preview_AbandonedAndExpired_ListsUnknownAndOmitsExpired()
    {
        await using var app = await EdsApp.StartAsync();
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromDays(7) - Hour);
        var abandoned = await app.RecordSendingAsync();
        var resent = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromMinutes(58));
        // If a resend was abandoned, the age of the verification counts from the resend.
        await app.Store.WriteAsync(
            resent with { State = VerificationState.Sending, SendCount = 2, SendStartedAt = app.Time.GetUtcNow() });
        app.Time.Advance(TimeSpan.FromMinutes(2));

        var preview = await app.Api.GetAsync("reports/stale");

        var item = preview.Json.GetProperty("items")[0].GetProperty("verification");
        Assert.Equal(("1", "3600"), (preview["staleCount"], preview["oldestWaitingSeconds"]));
        Assert.Equal(
            (abandoned.Id, "unknown"),
            (item.GetProperty("id").GetGuid(), item.GetProperty("state").GetString()));
        Assert.Equal(3, (await app.RecordsAsync()).Count(one => one.IsOpen));
    }

    [Fact]
    public async Task Preview_ResendOrAttachmentInProgress_OmitsIt()
    {
        await using var app = await EdsApp.StartAsync();
        var stale = await app.RecordPendingAsync(count: 2);
        app.Time.Advance(Hour);
        var now = app.Time.GetUtcNow();
        await app.Store.WriteAsync(
            stale[0] with { State = VerificationState.Sending, SendCount = 2, SendStartedAt = now });
        await app.Store.WriteAsync(stale[1].BeginAttach(new AttachAttempt("cn-hangzhou+dir-1", now, By: null)));

        Assert.Equal("0", (await app.Api.GetAsync("reports/stale"))["staleCount"]);

        app.Time.Advance(TimeSpan.FromSeconds(80));
        Assert.Equal("1", (await app.Api.GetAsync("reports/stale"))["staleCount"]);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public async Task Preview_MoreThan20_ListsTheFirst20(int count)
    {
        await using var app = await EdsApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => app.RecordPendingAsync()));

        await app.RunReportAsync(Hour);

        var preview = await app.Api.GetAsync("reports/stale");
        Assert.Equal(
            ($"{count}", $"{count - 20}", $"{count - 20}"),
            (preview["staleCount"], preview["dueCount"], preview["more"]));
        Assert.Equal(("False", null), (preview["items.19.due"], preview["items.20.due"]));
    }

    [Fact]
    public async Task Preview_FirstIsResent_OldestIsTheSecond()
    {
        await using var app = await EdsApp.StartAsync();
        var first = await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        (await app.Api.PostAsync($"verifications/{first.Id}/resend", null)).ShouldBe(200);
        app.Time.Advance(TimeSpan.FromMinutes(50));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("2", "3600"), (preview["staleCount"], preview["oldestWaitingSeconds"]));
    }

    [Fact]
    public async Task Run_OneStale_RecordsMetrics()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await app.Api.SendAsync(A.Verification);
        var done = await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        await app.Api.CompleteAsync(done.Id);
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(45));
        Assert.Null(metrics.Gauge("eds.report.last_success"));

        await app.RunReportAsync();

        Assert.Equal(1, metrics.Gauge("eds.verifications.stale"));
        Assert.Equal(1, metrics.Gauge("eds.verifications.due"));
        Assert.Equal(45 * 60, metrics.Gauge("eds.verifications.oldest_wait"));
        Assert.Equal(app.Time.GetUtcNow().ToUnixTimeSeconds(), metrics.Gauge("eds.report.last_success"));
        Assert.Equal(1, metrics.Sum("eds.report.items"));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "ok")));
        Assert.Equal(2, metrics.Sum("eds.ecd.calls", ("action", "SendVerifyCode"), ("outcome", "accepted")));
        Assert.Equal(1, metrics.Sum("eds.ecd.calls", ("outcome", "rejected"), ("code", "Forbidden.RAM")));
        Assert.Equal(1, metrics.Sum("eds.verifications.closed", ("state", "completed")));
        Assert.Equal(1, metrics.Sum("eds.verifications.closed", ("state", "failed")));
        Assert.Equal(120, metrics.Sum("eds.verifications.time_to_close", ("state", "completed")));
    }

    [Fact]
    public async Task Run_StaleOfDifferentAge_MeasuresEachAgeRange()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        foreach (var hours in new[] { 48, 20, 3, 1 })
        {
            await app.RecordPendingAsync();
            app.Time.Advance(TimeSpan.FromHours(hours));
        }

        await app.RunReportAsync();

        Assert.Equal(
            [("under-4h", 1), ("under-1d", 1), ("under-3d", 1), ("3d-or-more", 1)],
            metrics.ReadGauge("eds.verifications.waiting").Select(one => (one.Tags["age"]!, (int)one.Value)));
    }
}
