using System.Diagnostics.Metrics;
using Azure.Data.Tables;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// Measures how long a list of 100 open verifications in a table takes, with and without many closed verifications. The
/// environment variable <c>EDS_TABLE</c> has the connection string of the table service. Default: Azurite on this
/// machine.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 3, iterationCount: 20)]
public class HistoryBenchmarks
{
    private const int Open = 100;
    private const int PerMonth = 1000;
    private const int PerTransaction = 100;

    private static readonly DateTimeOffset Start = new(2010, 1, 15, 0, 0, 0, TimeSpan.Zero);

    private readonly string name = $"Benchmark{Guid.NewGuid():N}";
    private TableClient table = null!;
    private TableVerificationStore store = null!;

    /// <summary>The number of closed verifications in the table.</summary>
    [Params(0, 100_000)]
    public int Closed { get; set; }

    [GlobalSetup]
    public async Task FillAsync()
    {
        var service = new TableServiceClient(
            Environment.GetEnvironmentVariable("EDS_TABLE") ?? "UseDevelopmentStorage=true");
        table = service.GetTableClient(name);
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        store = new TableVerificationStore(
            service,
            TimeProvider.System,
            new RecordReader(meters, NullLogger<RecordReader>.Instance),
            name);
        await store.CheckAsync(CancellationToken.None);
        for (var i = 0; i < Open; i++)
        {
            await store.WriteAsync(new StoreWrite(Pending(i, TimeProvider.System.GetUtcNow())));
        }

        for (var i = 0; i < Closed; i += PerTransaction)
        {
            var month = Start.AddMonths(i / PerMonth);
            await table.SubmitTransactionAsync(Enumerable.Range(i, PerTransaction).Select(number =>
                new TableTransactionAction(TableTransactionActionType.Add, TableRows.FromClosed(
                    Pending(number, month) with { State = VerificationState.Completed, ClosedAt = month }))));
        }
    }

    [GlobalCleanup]
    public Task DeleteAsync() => table.DeleteAsync();

    /// <summary>Measures the query that the timer, the report and the chat command <c>pending</c> make.</summary>
    [Benchmark]
    public Task<IReadOnlyList<StoredVerification>> Current() =>
        store.ListCurrentAsync(after: null, limit: 1000, CancellationToken.None);

    private static Verification Pending(int number, DateTimeOffset at) => Verification
        .Begin(new(new CenTarget("cn-hangzhou", $"cen-b{number}", new AccountId(1234567890123456))), at)
        .ApplyOutcome(1, new EcdResponse("R-1"), at);
}
