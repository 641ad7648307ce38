using Azure.Data.Tables;
using BenchmarkDotNet.Attributes;
using EdsFunctions.Core.Verifications.Storage;

namespace EdsFunctions.Benchmarks.Micro;

/// <summary>The <see cref="StaleQuery"/> in an Azure Table, such as Azurite's, by how many are open.</summary>
[MemoryDiagnoser]
public class TableStaleQueryBenchmarks
{
    /// <summary>The environment variable with the connection string; without it there is nothing to measure.</summary>
    public const string ConnectionString = "EDS_TABLES";

    private readonly string name = $"Benchmark{Guid.NewGuid():N}";
    private TableServiceClient service = null!;
    private TableVerificationStore store = null!;

    /// <summary>Azurite looks through the partition for each row that it adds, so that a hundred thousand would take it many hours.</summary>
    [Params(1_000, 10_000)]
    public int Open { get; set; }

    [Params(0, 100)]
    public int Resent { get; set; }

    [GlobalSetup]
    public async Task FillAsync()
    {
        service = new TableServiceClient(Environment.GetEnvironmentVariable(ConnectionString));
        store = new TableVerificationStore(service, name);
        await StaleQuery.FillAsync(store, Open, Resent);
    }

    [GlobalCleanup]
    public Task RemoveAsync() => service.DeleteTableAsync(name);

    [Benchmark]
    public Task<int> Table() => StaleQuery.AskAsync(store);
}
