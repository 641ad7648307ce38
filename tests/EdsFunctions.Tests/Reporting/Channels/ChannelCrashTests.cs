using EdsFunctions.Tests.Verifications.Crashes;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>
/// A run crashes at each point between two steps in turn, and the next one continues: what a channel accepted may be sent again, and
/// nothing is left out.
/// </summary>
public sealed class ChannelCrashTests : IDisposable
{
    private static readonly Uri NoAlibaba = new("http://127.0.0.1:9");

    private readonly SqliteStores stores = new();
    private readonly FakeTimeProvider time = new(VerificationBuilder.Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_report() => AtEveryPoint(ops => RecordAsync(TimeSpan.FromHours(1)), (waiting, ops) =>
    {
        Assert.InRange(waiting.MarkOf("ops")?.Count ?? 0, 1, 2);
        Assert.InRange(ops.Requests.Count, 1, 2);
    });

    [Fact]
    public Task A_final_notice() => AtEveryPoint(ops => RecordAsync(TimeSpan.FromDays(7)), (waiting, ops) =>
    {
        Assert.Equal((VerificationState.Expired, true), (waiting.State, waiting.MarkOf("ops")?.Final));
        Assert.InRange(Count(ops, "Given up"), 1, 2);
    });

    [Fact]
    public Task An_all_clear() => AtEveryPoint(
        async ops =>
        {
            var waiting = await RecordAsync(TimeSpan.FromHours(1));
            await RunAsync(ops, new Lifeline());
            var reported = await GetAsync(waiting.Id);
            var completed = reported with { State = VerificationState.Completed, ClosedAt = time.GetUtcNow() };
            Assert.IsType<WriteResult.Written>(await Open(new Lifeline()).UpdateAsync(completed, null, Cancel));
            return waiting;
        },
        (_, ops) => Assert.InRange(Count(ops, "All clear"), 1, 2));

    public void Dispose() => stores.Dispose();

    /// <param name="prepare">Records what the run is about.</param>
    /// <param name="check">Checks what has become of it after a run that crashed and two that did not.</param>
    private async Task AtEveryPoint(Func<PlayedChannel, Task<Verification>> prepare, Action<Verification, PlayedChannel> check)
    {
        for (var point = 0; ; point++)
        {
            await using var ops = PlayedChannel.Slack("ops");
            var waiting = await prepare(ops);
            var life = new Lifeline(point);

            await RunAsync(ops, life);
            await RunAsync(ops, new Lifeline());
            await RunAsync(ops, new Lifeline());

            check(await GetAsync(waiting.Id), ops);
            if (!life.IsDead)
            {
                Assert.True(point > 3, "There are hardly any points: the test does not look where it should.");
                return;
            }

            // What this round left must not be in the way of the next.
            time.Advance(TimeSpan.FromDays(8));
            await RunAsync(ops, new Lifeline());
        }
    }

    private static int Count(PlayedChannel channel, string headline) =>
        channel.Headlines.Count(one => one.StartsWith(headline, StringComparison.Ordinal));

    private async Task RunAsync(PlayedChannel channel, Lifeline life)
    {
        using var app = EdsInstance.Start(Open(life), NoAlibaba, time, services =>
            services.PostConfigure<StaleReportOptions>(options => options.Channels["ops"] =
                new ReportChannelOptions { Kind = "Slack", Url = channel.Url.ToString() }));
        try
        {
            await app.Report.RunAsync(Cancel);
        }
        catch (CrashException)
        {
        }
    }

    /// <summary>Records one that has waited for a while.</summary>
    private async Task<Verification> RecordAsync(TimeSpan waits)
    {
        var now = time.GetUtcNow();
        var pending = A.Verification.Record(now).Settle(1, new EcdOutcome.Accepted("R-1"), now);
        time.Advance(waits);
        return Assert.IsType<WriteResult.Written>(await Open(new Lifeline()).CreateAsync(pending, null, Cancel)).Verification;
    }

    private async Task<Verification> GetAsync(Guid id) =>
        Assert.IsType<Verification>(await Open(new Lifeline()).GetAsync(id, Cancel));

    private StoreDecorator Open(Lifeline life) => life.Around(stores.Open());
}
