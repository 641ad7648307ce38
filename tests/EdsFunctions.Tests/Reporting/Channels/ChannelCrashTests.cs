using EdsFunctions.Tests.Verifications.Crashes;

namespace EdsFunctions.Tests.Reporting.Channels;

/// <summary>
/// A run dies at each point between two steps in turn, and the next one goes on: what a channel took may be said again, and nothing is
/// left unsaid.
/// </summary>
public sealed class ChannelCrashTests : IDisposable
{
    private static readonly Uri NoAlibaba = new("http://127.0.0.1:9");

    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];
    private readonly FakeTimeProvider time = new(VerificationBuilder.Noon);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_report() => AtEveryPoint(TimeSpan.FromHours(1), (waiting, ops) =>
    {
        Assert.InRange(waiting.MarkOf("ops")?.Count ?? 0, 1, 2);
        Assert.InRange(ops.Requests.Count, 1, 2);
    });

    [Fact]
    public Task A_final_notice() => AtEveryPoint(TimeSpan.FromDays(7), (waiting, ops) =>
    {
        Assert.Equal((VerificationState.Expired, true), (waiting.State, waiting.MarkOf("ops")?.Final));
        Assert.InRange(ops.Headlines.Count(headline => headline.StartsWith("Given up", StringComparison.Ordinal)), 1, 2);
    });

    [Fact]
    public async Task An_all_clear()
    {
        for (var point = 0; ; point++)
        {
            await using var ops = PlayedChannel.Slack("ops");
            var life = new Lifeline(point);
            var waiting = await RecordAsync();
            time.Advance(TimeSpan.FromHours(1));
            await RunAsync(ops, new Lifeline());
            var told = await GetAsync(waiting.Id);
            await Open(new Lifeline()).UpdateAsync(told with { State = VerificationState.Completed, ClosedAt = time.GetUtcNow() }, null, Cancel);

            await RunAsync(ops, life);
            await RunAsync(ops, new Lifeline());
            await RunAsync(ops, new Lifeline());

            Assert.InRange(ops.Headlines.Count(headline => headline.StartsWith("All clear", StringComparison.Ordinal)), 1, 2);
            if (!life.IsDead)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }

    private async Task AtEveryPoint(TimeSpan waits, Action<Verification, PlayedChannel> check)
    {
        for (var point = 0; ; point++)
        {
            await using var ops = PlayedChannel.Slack("ops");
            var life = new Lifeline(point);
            var waiting = await RecordAsync();
            time.Advance(waits);

            await RunAsync(ops, life);
            await RunAsync(ops, new Lifeline());

            check(await GetAsync(waiting.Id), ops);
            if (!life.IsDead)
            {
                Assert.True(point > 5, "There are hardly any points: the test does not look where it should.");
                return;
            }

            // What this round left must not be in the way of the next.
            time.Advance(TimeSpan.FromDays(8));
            await RunAsync(ops, new Lifeline());
        }
    }

    private async Task RunAsync(PlayedChannel channel, Lifeline life)
    {
        using var app = EdsInstance.Start(Open(life), NoAlibaba, time, services =>
            services.PostConfigure<StaleReportOptions>(options => options.Channels["ops"] =
                new ReportChannelOptions { Kind = "Slack", Url = channel.Url.ToString() }));
        try
        {
            await app.Report.RunAsync(Cancel);
        }
        catch (ProcessDiedException)
        {
        }
    }

    private async Task<Verification> RecordAsync()
    {
        var now = time.GetUtcNow();
        var pending = A.Verification.Record(now).Settle(1, new Core.Alibaba.EcdOutcome.Accepted("R-1"), now);
        return Assert.IsType<WriteResult.Written>(await Open(new Lifeline()).CreateAsync(pending, null, Cancel)).Verification;
    }

    private async Task<Verification> GetAsync(Guid id) =>
        Assert.IsType<Verification>(await Open(new Lifeline()).GetAsync(id, Cancel));

    private MortalStore Open(Lifeline life)
    {
        var store = new SqliteVerificationStore(folder.File("verifications.db"));
        opened.Add(store);
        return new MortalStore(store, life);
    }
}
