using EdsFunctions.Tests.Verifications.Storage;
using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Notifications;

/// <summary>
/// Helpers for tests of reports: they record verifications without a send, run the timer and read the log.
/// </summary>
internal static class ReportingExtensions
{
    /// <summary>Records a verification as if its code was e-mailed now.</summary>
    public static async Task<Verification> RecordPendingAsync(
        this EdsApp app, VerificationBuilder? builder = null, Guid? id = null)
    {
        app.Secrecy.Secrets.AddAccount($"{VerificationBuilder.DefaultOwner}");
        app.Secrecy.Secrets.Add("text of a platform", FakeChannel.PlatformErrorText);
        var now = app.Time.GetUtcNow();
        var pending = (builder ?? A.Verification).Record(now).ApplyOutcome(1, new EcdResponse("R-1"), now);
        var written = await app.Store.WriteAsync(
            pending with { Id = id ?? pending.Id });
        return Assert.IsType<WriteResult.Written>(written).Verification;
    }

    /// <summary>Records a send in progress, as a process leaves it that crashes before Alibaba responds.</summary>
    public static async Task<Verification> RecordSendingAsync(this EdsApp app)
    {
        var sending = A.Verification.Record(app.Time.GetUtcNow());
        await app.Store.WriteAsync(sending);
        return sending;
    }

    /// <summary>Records verifications one second after the other, so that their order is certain.</summary>
    public static async Task<IReadOnlyList<Verification>> RecordPendingAsync(this EdsApp app, int count)
    {
        var recorded = new List<Verification>();
        for (var i = 0; i < count; i++)
        {
            recorded.Add(await app.RecordPendingAsync());
            app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        return recorded;
    }

    /// <summary>Reads the current record.</summary>
    public static async Task<Verification> ReadAsync(this EdsApp app, Verification verification) =>
        Assert.IsType<Verification>(await app.Store.GetAsync(verification.Id, TestContext.Current.CancellationToken));

    /// <summary>Advances the clock and runs the timer.</summary>
    public static Task RunReportAsync(this EdsApp app, TimeSpan after)
    {
        app.Time.Advance(after);
        return app.RunReportAsync();
    }

    /// <summary>Makes every call of the SQLite store fail.</summary>
    public static async Task BreakStoreAsync(this EdsApp app)
    {
        var path = app.Store.Description["SQLite, ".Length..];
        await using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE verifications";
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The log entries with an event ID.</summary>
    public static IReadOnlyList<string> Logged(this EdsApp app, int eventId) =>
        [.. app.Log.Entries.Where(entry => entry.EventId == eventId).Select(entry => entry.Text)];

    /// <summary>The reports in the log.</summary>
    public static IReadOnlyList<string> LoggedReports(this EdsApp app) => app.Logged(eventId: 300);
}
