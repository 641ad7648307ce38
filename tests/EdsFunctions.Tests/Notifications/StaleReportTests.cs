using System.Collections.Concurrent;
using System.Diagnostics;
using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Notifications;

/// <summary>What a run does, and what it reports to the log and to a channel: to both alike.</summary>
public sealed class StaleReportTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task Stale_verifications_are_logged_in_one_entry()
    {
        await using var app = await EdsApp.StartAsync();
        var first = await app.Api.SendAsync(A.Verification.By("alice", "office in Hangzhou"));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        var second = await app.Api.SendAsync(A.Verification.OwnedBy(null));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(A.Verification);

        await app.RunReportAsync(TimeSpan.FromMinutes(20));

        var lines = Assert.Single(app.LoggedReports()).Split('\n');
        Assert.Equal("Verifications that wait too long: 2, the oldest for 40 min; to be said now: 2, +0 more", lines[0]);
        Assert.Equal(
            $"{first.Id} pending for 40 min, since 2026-11-24 12:00:00Z: {first["cenId"]} in cn-hangzhou" +
            ", owner ************3456, requested by alice, note: office in Hangzhou",
            lines[1]);
        Assert.StartsWith($"{second.Id} pending for 30 min", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain("owner", lines[2], StringComparison.Ordinal);
        Assert.Equal(3, lines.Length);
    }

    [Fact]
    public async Task Nothing_is_reported_while_nothing_is_stale()
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
    public async Task A_verification_is_reported_again_after_four_hours_then_after_eight()
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
    public async Task A_report_names_twenty_and_the_next_one_the_others()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        var waiting = await app.RecordPendingAsync(count: 25);

        await app.RunReportAsync(Hour);
        await app.RunReportAsync();
        await app.RunReportAsync();

        var logged = app.LoggedReports();
        Assert.Equal(2, logged.Count);
        Assert.StartsWith(
            "Verifications that wait too long: 25, the oldest for 1 h 0 min; to be said now: 25, +5 more", logged[0], StringComparison.Ordinal);
        Assert.Contains("too long: 25, the oldest for 1 h 0 min; to be said now: 5, +0 more", logged[1], StringComparison.Ordinal);
        Assert.Equal(waiting.Take(20).Select(one => $"{one.Id}"), logged[0].Split('\n').Skip(1).Select(line => line[..36]));
        Assert.Equal(waiting.Skip(20).Select(one => $"{one.Id}"), logged[1].Split('\n').Skip(1).Select(line => line[..36]));

        Assert.Equal(2, ops.Requests.Count);
        Assert.Equal("Verifications that wait too long: 25, the oldest for 1 h 0 min", ops.Headlines[0]);
        Assert.Equal((20, 5), (Named(ops.Said[0], waiting.Take(20)), Named(ops.Said[1], waiting.Skip(20))));
        Assert.Equal((0, 0), (Named(ops.Said[0], waiting.Skip(20)), Named(ops.Said[1], waiting.Take(20))));
        Assert.Contains("\"+5 more\"", ops.Said[0], StringComparison.Ordinal);
        Assert.DoesNotContain("more", ops.Said[1], StringComparison.Ordinal);

        static int Named(string message, IEnumerable<Verification> verifications) =>
            verifications.Count(one => message.Contains($"done {one.Ref}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_that_is_resent_starts_the_wait_again()
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

        Assert.Equal(2, app.LoggedReports().Count(entry => entry.Contains("the oldest for 30 min", StringComparison.Ordinal)));
        Assert.Equal(2, ops.Headlines.Count(headline => headline.EndsWith("the oldest for 30 min", StringComparison.Ordinal)));
        Assert.Equal(1, Assert.Single(await app.RecordsAsync()).GetReminder("ops")?.Count);
    }

    [Fact]
    public async Task Concurrent_runs_mark_each_verification_once()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops));
        await app.RecordPendingAsync(count: 10);
        app.Time.Advance(Hour);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(app.RunReportAsync)));

        Assert.InRange(ops.Requests.Count, 1, 8);
        Assert.All(await app.RecordsAsync(), one => Assert.Equal((1, 1), (one.Reported?.Count, one.GetReminder("ops")?.Count)));
    }

    [Fact]
    public async Task Each_report_of_a_verification_is_marked()
    {
        await using var ops = FakeChannel.Slack("ops");
        await using var onCall = FakeChannel.Slack("on-call");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(ops, onCall));
        var waiting = await app.RecordPendingAsync();

        await app.RunReportAsync(Hour);

        var marked = await app.ReadAsync(waiting);
        Assert.Equal((1, 1, 1), (marked.Reported?.Count, marked.GetReminder("ops")?.Count, marked.GetReminder("on-call")?.Count));
    }

    [Fact]
    public async Task A_channel_that_fails_stops_no_other_and_only_it_is_told_again()
    {
        await using var broken = FakeChannel.Slack("broken", "FFA");
        await using var ops = FakeChannel.Slack("ops");
        await using var robot = FakeChannel.Of("Feishu", "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(broken, ops, robot));
        var waiting = await app.RecordPendingAsync();
        app.Time.Advance(Hour);

        for (var run = 0; run < 4; run++)
        {
            await app.RunReportAsync();
        }

        Assert.Equal((3, 1, 1), (broken.Requests.Count, ops.Requests.Count, robot.Requests.Count));
        var marked = await app.ReadAsync(waiting);
        Assert.Equal((1, 1, 1), (marked.GetReminder("broken")?.Count, marked.GetReminder("ops")?.Count, marked.Reported?.Count));
        // From then on each channel has a time of its own.
        await app.RunReportAsync(TimeSpan.FromHours(4));
        Assert.Equal((4, 2), (broken.Requests.Count, ops.Requests.Count));
    }

    [Fact]
    public async Task An_abandoned_send_becomes_unknown_and_is_reported()
    {
        await using var app = await EdsApp.StartAsync();
        var abandoned = await RecordSendingAsync(app);
        await app.RunReportAsync(TimeSpan.FromSeconds(79));
        Assert.Equal(VerificationState.Sending, (await app.ReadAsync(abandoned)).State);

        await app.RunReportAsync(TimeSpan.FromMinutes(30));

        Assert.Equal(VerificationState.Unknown, (await app.ReadAsync(abandoned)).State);
        Assert.Contains($"{abandoned.Id} unknown for 31 min", Assert.Single(app.LoggedReports()), StringComparison.Ordinal);
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task After_a_week_a_verification_expires_and_is_not_reported()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var sent = await app.Api.SendAsync(verification);

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal("expired", (await app.Api.GetAsync(sent.Id))["state"]);
        Assert.Empty(app.LoggedReports());
        Assert.Equal(201, (await app.Api.SendAsync(verification)).Status);
    }

    [Fact]
    public async Task More_than_a_page_of_abandoned_sends_is_timed_out_and_expires()
    {
        await using var app = await EdsApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 450).Select(_ => RecordSendingAsync(app)));

        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.All(await app.RecordsAsync(), verification => Assert.Equal(VerificationState.Expired, verification.State));
    }

    [Fact]
    public async Task The_preview_names_what_is_stale_and_what_is_due_and_changes_nothing()
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
            ("2026-11-24T16:30:00Z", "2026-11-24T13:15:00Z"), (preview["items.0.nextReportAt"], preview["items.1.nextReportAt"]));
        Assert.Single(ops.Requests);
        Assert.Equal(due, await app.ReadAsync(due));
    }

    [Fact]
    public async Task The_preview_shows_an_abandoned_send_as_unknown_and_leaves_out_what_would_expire()
    {
        await using var app = await EdsApp.StartAsync();
        await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromDays(7) - Hour);
        var abandoned = await RecordSendingAsync(app);
        var resent = await app.RecordPendingAsync();
        app.Time.Advance(TimeSpan.FromMinutes(58));
        // Sent again a moment ago, and abandoned: it waits only since then.
        await app.Store.WriteAsync(
            resent with { State = VerificationState.Sending, SendCount = 2, SendStartedAt = app.Time.GetUtcNow() });
        app.Time.Advance(TimeSpan.FromMinutes(2));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("1", $"{abandoned.Id}", "unknown", "3600"),
            (preview["staleCount"], preview["items.0.verification.id"], preview["items.0.verification.state"], preview["oldestWaitingSeconds"]));
        Assert.Equal(3, (await app.RecordsAsync()).Count(one => one.IsOpen));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(401)]
    public async Task The_preview_counts_all_stale_ones_and_names_twenty_whether_or_not_they_are_due(int count)
    {
        await using var app = await EdsApp.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => app.RecordPendingAsync()));

        await app.RunReportAsync(Hour);

        var preview = await app.Api.GetAsync("reports/stale");
        Assert.Equal(
            ($"{count}", $"{count - 20}", $"{count - 20}"), (preview["staleCount"], preview["dueCount"], preview["more"]));
        Assert.Equal(("False", null), (preview["items.19.due"], preview["items.20.due"]));
    }

    [Fact]
    public async Task The_oldest_is_the_one_that_waits_longest_and_not_the_one_that_was_created_first()
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
    public async Task Idempotency_keys_are_kept_for_48_hours_and_no_longer()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification, "delivery-1");
        var hash = verification.Request().HttpKey("delivery-1").Hash;

        await app.RunReportAsync(TimeSpan.FromHours(48));
        Assert.NotNull(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));

        await app.RunReportAsync(TimeSpan.FromMilliseconds(1));
        Assert.Null(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_metrics_say_how_many_wait_how_long_and_when_the_last_run_was()
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
    public async Task Stale_verifications_are_measured_by_age()
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
            metrics.Now("eds.verifications.waiting").Select(one => (one.Tags["age"]!, (int)one.Value)));
    }

    [Fact]
    public async Task A_run_that_fails_is_counted_and_logged_unless_it_is_cancelled()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        await app.RecordPendingAsync();
        app.Time.Advance(Hour);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            app.Services.GetRequiredService<MaintenanceRun>().RunAsync(cancelled.Token));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "failed")));
        Assert.Empty(app.Logged(eventId: 301));
        await app.RunReportAsync();
        Assert.NotEmpty(app.LoggedReports());

        await app.BreakStoreAsync();
        await Assert.ThrowsAsync<AggregateException>(app.RunReportAsync);
        Assert.Equal(2, metrics.Sum("eds.report.runs", ("result", "failed")));
        Assert.Contains(app.Logged(eventId: 301), entry => entry.Contains("'read the verifications'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_is_an_activity_with_a_name()
    {
        var started = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdsTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => started.Enqueue(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await EdsApp.StartAsync();

        await app.RunReportAsync();

        Assert.Contains("stale report", started);
    }

    private static async Task<Verification> RecordSendingAsync(EdsApp app)
    {
        var sending = A.Verification.Record(app.Time.GetUtcNow());
        await app.Store.WriteAsync(sending);
        return sending;
    }
}
