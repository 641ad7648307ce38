using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Verifications.Storage;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>The <see cref="StaleQuery"/> in SQLite, by how many are open.</summary>
[MemoryDiagnoser]
public class StaleQueryBenchmarks : IDisposable
{
    private TemporaryFolder folder = null!;
    private SqliteVerificationStore store = null!;

    [Params(10_000, 100_000, 1_000_000)]
    public int Open { get; set; }

    /// <summary>Old ones that were sent anew: they are among those that the query reads, and not in its answer.</summary>
    [Params(0, 100)]
    public int Resent { get; set; }

    [GlobalSetup]
    public async Task FillAsync()
    {
        folder = new TemporaryFolder();
        store = new SqliteVerificationStore(folder.File("verifications.db"));
        await StaleQuery.FillAsync(store, Open, Resent);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public Task<int> Sqlite() => StaleQuery.AskAsync(store);
}
