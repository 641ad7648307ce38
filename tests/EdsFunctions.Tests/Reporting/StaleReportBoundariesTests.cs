using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Reporting;

/// <summary>What a run counts, keeps and says at its edges: full pages, a full digest, sends anew, and failures.</summary>
public sealed class StaleReportBoundariesTests
{
    private const int FailedEvent = 301;

    [Theory]
    [InlineData(199)]
    [InlineData(200)]
    [InlineData(201)]
    [InlineData(401)]
    public async Task Every_stale_one_is_counted_however_many_pages_there_are(int count)
    {
        await using var app = await EdsApp.StartAsync();
        for (var i = 0; i < count; i++)
        {
            await RecordPendingAsync(app);
        }

        app.Time.Advance(TimeSpan.FromHours(1));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal((Text(count), Text(count)), (preview["staleCount"], preview["dueCount"]));
        Assert.Equal(Text(count - 20), preview["more"]);
    }

    [Fact]
    public async Task The_preview_names_twenty_whether_or_not_they_are_due()
    {
        await using var app = await EdsApp.StartAsync();
        for (var i = 0; i < 21; i++)
        {
            await RecordPendingAsync(app);
        }

        app.Time.Advance(TimeSpan.FromHours(1));
        await app.RunReportAsync();
        await app.RunReportAsync();

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("21", "0", "1"), (preview["staleCount"], preview["dueCount"], preview["more"]));
        Assert.Equal("False", preview["items.19.due"]);
    }

    [Fact]
    public async Task What_is_due_is_to_be_said_now()
    {
        await using var app = await EdsApp.StartAsync();
        await RecordPendingAsync(app);
        app.Time.Advance(TimeSpan.FromMinutes(45));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal("2026-11-24T12:45:00Z", preview["items.0.nextReportAt"]);
    }

    [Fact]
    public async Task The_oldest_is_the_one_that_waits_longest_and_not_the_one_that_was_asked_for_first()
    {
        await using var app = await EdsApp.StartAsync();
        var first = A.Verification;
        await app.Api.SendAsync(first);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(A.Verification);
        app.Time.Advance(TimeSpan.FromMinutes(10));
        await app.Api.SendAsync(first);
        app.Time.Advance(TimeSpan.FromMinutes(50));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("2", "3600"), (preview["staleCount"], preview["oldestWaitingSeconds"]));
    }

    [Fact]
    public async Task A_send_anew_that_died_a_moment_ago_is_not_stale_in_the_preview_either()
    {
        await using var app = await EdsApp.StartAsync();
        var pending = await RecordPendingAsync(app);
        app.Time.Advance(TimeSpan.FromHours(1));
        await app.Store.UpdateAsync(
            pending with { State = VerificationState.Sending, SendCount = 2, SendStartedAt = app.Time.GetUtcNow() },
            key: null,
            TestContext.Current.CancellationToken);
        app.Time.Advance(TimeSpan.FromMinutes(2));

        var preview = await app.Api.GetAsync("reports/stale");

        Assert.Equal(("0", "0"), (preview["staleCount"], preview["oldestWaitingSeconds"]));
    }

    [Fact]
    public async Task Idempotency_keys_are_kept_for_48_hours_and_no_longer()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification, "delivery-1");
        var hash = IdempotencyKey.Of("delivery-1", verification.Command()).Hash;

        app.Time.Advance(TimeSpan.FromHours(48));
        await app.RunReportAsync();
        Assert.NotNull(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));

        app.Time.Advance(TimeSpan.FromMilliseconds(1));
        await app.RunReportAsync();
        Assert.Null(await app.Store.FindKeyAsync(hash, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_that_fails_is_logged_and_one_that_is_called_off_is_not()
    {
        await using var app = await EdsApp.StartAsync();
        var report = (Core.Reporting.StaleReport)app.Services.GetService(typeof(Core.Reporting.StaleReport))!;
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => report.RunAsync(cancelled.Token));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.EventId == FailedEvent);

        await DropTablesAsync(app);

        await Assert.ThrowsAsync<SqliteException>(app.RunReportAsync);
        Assert.Single(app.Log.Entries, entry => entry.EventId == FailedEvent);
    }

    [Fact]
    public async Task A_run_is_an_activity_with_a_name()
    {
        var started = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == EdsActivities.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => started.Enqueue(activity.OperationName),
        };
        ActivitySource.AddActivityListener(listener);
        await using var app = await EdsApp.StartAsync();

        await app.RunReportAsync();

        Assert.Contains("stale report", started);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<Verification> RecordPendingAsync(EdsApp app)
    {
        var now = app.Time.GetUtcNow();
        var pending = A.Verification.Record(now).Settle(1, new EcdOutcome.Accepted("R-1"), now);
        var written = await app.Store.CreateAsync(pending, key: null, TestContext.Current.CancellationToken);
        return Assert.IsType<WriteResult.Written>(written).Verification;
    }

    /// <summary>A database that someone has broken.</summary>
    private static async Task DropTablesAsync(EdsApp app)
    {
        var path = app.Store.Description["SQLite, ".Length..];
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE verifications";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
