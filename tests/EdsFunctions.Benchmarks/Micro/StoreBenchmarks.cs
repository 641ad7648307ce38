using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>What the SQLite store does, on the disk of the temporary folder, with a thousand open ones in it at the start.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks : IDisposable
{
    private const int Together = 32;

    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    private TemporaryFolder folder = null!;
    private SqliteVerificationStore store = null!;
    private Verification stored = null!;

    [GlobalSetup]
    public async Task FillAsync()
    {
        folder = new TemporaryFolder();
        store = new SqliteVerificationStore(folder.File("verifications.db"));
        await Filling.FillAsync(store, 1000, _ => Filling.PendingSince(Now));
        stored = Written(await store.CreateAsync(Filling.PendingSince(Now), key: null, CancellationToken.None));
    }

    [GlobalCleanup]
    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public Task<WriteResult> Create() => store.CreateAsync(Filling.PendingSince(Now), key: null, CancellationToken.None);

    /// <summary>The time of one among many that come at once.</summary>
    [Benchmark(OperationsPerInvoke = Together)]
    public Task<WriteResult[]> CreateTogether() => Task.WhenAll(Enumerable.Range(0, Together).Select(_ => Task.Run(Create)));

    [Benchmark]
    public async Task Update() => stored = Written(await store.UpdateAsync(stored, key: null, CancellationToken.None));

    [Benchmark]
    public Task<Verification?> Get() => store.GetAsync(stored.Id, CancellationToken.None);

    [Benchmark]
    public Task<Verification?> FindOpen() => store.FindOpenAsync(stored.Target, CancellationToken.None);

    private static Verification Written(WriteResult result) => ((WriteResult.Written)result).Verification;
}
