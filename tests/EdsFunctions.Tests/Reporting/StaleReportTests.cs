namespace EdsFunctions.Tests.Reporting;

/// <summary>What the timer does, and what it says.</summary>
public sealed class StaleReportTests
{
    private const int DigestEvent = 300;

    [Fact]
    public async Task What_waits_longer_than_the_threshold_is_said_in_one_entry()
    {
        await using var app = await EdsApp.StartAsync();
        var first = await app.Api.SendAsync(A.Verification.By("alice", "office in Hangzhou"));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        var second = await app.Api.SendAsync(A.Verification.OwnedBy(null));
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(20));

        await app.RunReportAsync();

        var lines = Digest(app).Split('\n');
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
    public async Task When_nothing_is_stale_nothing_is_said()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await app.Api.SendAsync(A.Verification);
        await app.RunReportAsync();
        await app.Api.CompleteAsync(sent.Id);
        app.Time.Advance(TimeSpan.FromHours(1));

        await app.RunReportAsync();

        Assert.Empty(Digests(app));
    }

    [Fact]
    public async Task The_same_is_said_again_after_four_hours_then_after_eight()
    {
        await using var app = await EdsApp.StartAsync();
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(30));
        var said = new List<double>();

        for (var quarter = 0; quarter <= 4 * 13; quarter++, app.Time.Advance(TimeSpan.FromMinutes(15)))
        {
            var before = Digests(app).Count;
            await app.RunReportAsync();
            if (Digests(app).Count > before)
            {
                said.Add(quarter / 4.0);
            }
        }

        Assert.Equal([0, 4, 12], said);
    }

    [Fact]
    public async Task A_report_names_twenty_and_the_next_one_goes_on()
    {
        await using var app = await EdsApp.StartAsync();
        for (var i = 0; i < 25; i++)
        {
            await RecordPendingAsync(app);
            app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        Assert.StartsWith(
            "Verifications that wait too long: 25, the oldest for 1 h 0 min; to be said now: 25, +5 more",
            Digest(app),
            StringComparison.Ordinal);

        await app.RunReportAsync();

        var second = Digests(app)[^1];
        Assert.Contains("too long: 25, ", second.Text, StringComparison.Ordinal);
        Assert.Contains("to be said now: 5, +0 more", second.Text, StringComparison.Ordinal);
        Assert.Equal(5, second.Text.Split('\n').Length - 1);
        Assert.Equal(25, Digests(app).SelectMany(entry => entry.Text.Split('\n').Skip(1)).Select(line => line[..36]).Distinct().Count());
    }

    [Fact]
    public async Task A_send_whose_process_died_becomes_unknown_and_is_reported()
    {
        await using var app = await EdsApp.StartAsync();
        var orphan = A.Verification.Record(app.Time.GetUtcNow());
        await app.Store.CreateAsync(orphan, key: null, TestContext.Current.CancellationToken);
        app.Time.Advance(TimeSpan.FromMinutes(30));

        await app.RunReportAsync();

        Assert.Equal(VerificationState.Unknown, Assert.Single(await app.RecordsAsync()).State);
        Assert.Contains($"{orphan.Id} unknown for 30 min", Digest(app), StringComparison.Ordinal);
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task A_send_under_way_is_left_alone()
    {
        await using var app = await EdsApp.StartAsync();
        await app.Store.CreateAsync(A.Verification.Record(app.Time.GetUtcNow()), key: null, TestContext.Current.CancellationToken);
        app.Time.Advance(TimeSpan.FromSeconds(79));

        await app.RunReportAsync();

        Assert.Equal(VerificationState.Sending, Assert.Single(await app.RecordsAsync()).State);
    }

    [Fact]
    public async Task What_has_waited_a_week_expires_and_is_not_said_again()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var sent = await app.Api.SendAsync(verification);
        app.Time.Advance(TimeSpan.FromDays(7));

        await app.RunReportAsync();

        Assert.Equal("expired", (await app.Api.GetAsync(sent.Id))["state"]);
        Assert.Empty(Digests(app));
        Assert.Equal(201, (await app.Api.SendAsync(verification)).Status);
    }

    [Fact]
    public async Task A_code_sent_anew_starts_the_wait_again()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification);
        app.Time.Advance(TimeSpan.FromMinutes(29));
        await app.Api.SendAsync(verification);
        app.Time.Advance(TimeSpan.FromMinutes(29));
        await app.RunReportAsync();
        Assert.Empty(Digests(app));

        app.Time.Advance(TimeSpan.FromMinutes(1));
        await app.RunReportAsync();

        Assert.Single(Digests(app));
    }

    [Fact]
    public async Task Runs_at_the_same_time_do_no_harm()
    {
        await using var app = await EdsApp.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            await RecordPendingAsync(app);
        }

        app.Time.Advance(TimeSpan.FromHours(1));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(app.RunReportAsync)));

        Assert.All(await app.RecordsAsync(), verification => Assert.Equal(1, verification.Reported?.Count));
    }

    [Fact]
    public async Task More_than_a_page_is_counted_expired_and_settled()
    {
        await using var app = await EdsApp.StartAsync();
        for (var i = 0; i < 450; i++)
        {
            await app.Store.CreateAsync(A.Verification.Record(app.Time.GetUtcNow()), key: null, TestContext.Current.CancellationToken);
        }

        app.Time.Advance(TimeSpan.FromDays(7));
        await app.RunReportAsync();

        Assert.All(await app.RecordsAsync(), verification => Assert.Equal(VerificationState.Expired, verification.State));
    }

    [Fact]
    public async Task The_preview_shows_what_is_stale_and_what_is_due_and_changes_nothing()
    {
        await using var app = await EdsApp.StartAsync();
        var said = await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(30));
        await app.RunReportAsync();
        var due = await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(45));

        var preview = await app.Api.GetAsync("reports/stale");
        var again = await app.Api.GetAsync("reports/stale");

        Assert.Equal(preview.Text, again.ShouldBe(200).Text);
        Assert.Equal(("2", "1", "0"), (preview["staleCount"], preview["dueCount"], preview["more"]));
        Assert.Equal((said.Id.ToString(), "False"), (preview["items.0.verification.id"], preview["items.0.due"]));
        Assert.Equal((due.Id.ToString(), "True"), (preview["items.1.verification.id"], preview["items.1.due"]));
        Assert.Equal(("45 min", "2700"), (preview["items.1.waiting"], preview["items.1.waitingSeconds"]));
        Assert.Equal("2026-11-24T16:30:00Z", preview["items.0.nextReportAt"]);
    }

    [Fact]
    public async Task The_preview_shows_a_dead_send_as_unknown_and_leaves_out_what_would_expire()
    {
        await using var app = await EdsApp.StartAsync();
        await RecordPendingAsync(app);
        app.Time.Advance(TimeSpan.FromDays(7) - TimeSpan.FromHours(1));
        var died = A.Verification.Record(app.Time.GetUtcNow());
        await app.Store.CreateAsync(died, key: null, TestContext.Current.CancellationToken);
        app.Time.Advance(TimeSpan.FromHours(1));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("1", died.Id.ToString(), "unknown"),
            (preview["staleCount"], preview["items.0.verification.id"], preview["items.0.verification.state"]));
        Assert.Equal(2, (await app.RecordsAsync()).Count(one => one.IsOpen));
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
    public async Task A_run_that_fails_says_so_and_the_next_one_reports()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromHours(1));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            ((StaleReport)app.Services.GetService(typeof(StaleReport))!).RunAsync(cancelled.Token));
        Assert.Equal(1, metrics.Sum("eds.report.runs", ("result", "failed")));
        await app.RunReportAsync();

        Assert.NotEmpty(Digests(app));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59, "59 s")]
    [InlineData(60, "1 min")]
    [InlineData(3599, "59 min")]
    [InlineData(3600, "1 h 0 min")]
    [InlineData(86399, "23 h 59 min")]
    [InlineData(86400, "1 d 0 h")]
    [InlineData(694800, "8 d 1 h")]
    public void A_time_is_said_in_its_two_largest_units(int seconds, string text) =>
        Assert.Equal(text, StaleText.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public async Task What_waits_is_measured_by_how_long()
    {
        await using var app = await EdsApp.StartAsync();
        using var metrics = new CapturedMetrics(app.Services);
        foreach (var hours in new[] { 48, 20, 3, 1 })
        {
            await RecordPendingAsync(app);
            app.Time.Advance(TimeSpan.FromHours(hours));
        }

        await app.RunReportAsync();

        Assert.Equal(
            [("under-4h", 1), ("under-1d", 1), ("under-3d", 1), ("3d-or-more", 1)],
            metrics.Now("eds.verifications.waiting").Select(one => (one.Tags["age"]!, (int)one.Value)));
    }

    private static List<LogEntry> Digests(EdsApp app) => [.. app.Log.Entries.Where(entry => entry.EventId == DigestEvent)];

    private static string Digest(EdsApp app) => Assert.Single(Digests(app)).Text;

    private static async Task RecordPendingAsync(EdsApp app)
    {
        var verification = A.Verification.Record(app.Time.GetUtcNow());
        await app.Store.CreateAsync(
            verification.Settle(1, new Core.Alibaba.EcdOutcome.Accepted("R-1"), app.Time.GetUtcNow()),
            key: null,
            TestContext.Current.CancellationToken);
    }
}
