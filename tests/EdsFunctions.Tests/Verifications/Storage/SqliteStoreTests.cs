using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Storage;

public sealed class SqliteStoreTests() : StoreContractTests(new SqliteStores())
{
    private string DatabasePath => ((SqliteStores)Stores).Path;

    [Fact]
    public async Task Open_NewFile_HasWriteAheadLoggingAndTheSchemaVersion()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);

        Assert.Equal("wal", Query("PRAGMA journal_mode"));
        Assert.Equal(6L, Query("PRAGMA user_version"));
    }

    [Fact]
    public async Task Open_FileOfAnOlderSchema_UpgradesIt()
    {
        var before = await Store.WriteAsync(A.Verification.Record());
        var recorded = Assert.IsType<WriteResult.Written>(before).Verification;
        ((SqliteVerificationStore)Store).Dispose();
        Query(
            """
            DROP TABLE notes; DROP TABLE owner_sends;
            DROP INDEX one_open_per_ref; DROP INDEX by_closing; DROP INDEX by_target; DROP INDEX open_by_id;
            ALTER TABLE verifications ADD COLUMN send_started_at INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE verifications ADD COLUMN waiting_since INTEGER NOT NULL DEFAULT 0;
            CREATE INDEX open_by_id ON verifications (id, waiting_since) WHERE open = 1;
            CREATE INDEX sending ON verifications (send_started_at) WHERE open = 1;
            PRAGMA user_version = 1
            """);

        var found = await Stores.Open().FindByRefAsync(recorded.Ref, 2, TestContext.Current.CancellationToken);

        Assert.Equal(recorded, Assert.Single(found).Verification);
        Assert.Equal(
            "id region_id cen_id cen_owner_id state open version document",
            Query("SELECT group_concat(name, ' ') FROM pragma_table_info('verifications')"));
        Assert.Equal(6L, Query("PRAGMA user_version"));
    }

    [Fact]
    public async Task Open_FileOfANewerSchema_ThrowsAndChangesNothing()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);
        Query("PRAGMA user_version = 99");

        var refusal = await Assert.ThrowsAsync<InvalidDataException>(
            () => Stores.Open().CheckAsync(TestContext.Current.CancellationToken));

        Assert.Contains("schema version 99", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(99L, Query("PRAGMA user_version"));
    }

    [Theory]
    [InlineData("INDEXED BY open_by_id WHERE open = 1 AND id > '' ORDER BY id", "open_by_id")]
    [InlineData(
        "INDEXED BY one_open_per_ref WHERE open = 1 AND substr(id, 29) >= 'a' AND substr(id, 29) < 'ag'",
        "one_open_per_ref")]
    [InlineData(
        "WHERE region_id = 'a' AND cen_id = 'b' AND cen_owner_id = 1 ORDER BY open DESC, rowid DESC LIMIT 1",
        "by_target")]
    [InlineData(
        "INDEXED BY by_closing WHERE open = 0 AND json_extract(document, '$.closedAt') >= '2' AND state = 'failed'",
        "by_closing")]
    public async Task Query_OfASendOrAReport_UsesItsIndex(string where, string index)
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);

        var plan = Query(
            $"EXPLAIN QUERY PLAN SELECT document, version FROM verifications {where}",
            column: 3)?.ToString();

        Assert.StartsWith($"SEARCH verifications USING INDEX {index} (", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_DiskIsFull_ThrowsAndStoresNothing()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);
        Query("CREATE TRIGGER full BEFORE INSERT ON verifications BEGIN SELECT RAISE(FAIL, 'disk full'); END");
        var verification = A.Verification.Record();
        var key = IdempotencyEntry.Create(IdempotencyKey.Create("k", verification.Request()), verification);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Store.WriteAsync(verification, key));

        Assert.Null(await Store.FindKeyAsync(key.Key.Hash, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Write_WhileTheFileIsLocked_CompletesAfterwards()
    {
        Task<WriteResult>[] writes = [];
        using (await LockAsync())
        {
            writes = [.. Enumerable.Range(0, 8).Select(_ => CreateAsync())];
            Assert.DoesNotContain(writes, write => write.IsCompleted);
        }

        Assert.All(await Task.WhenAll(writes).WithTimeoutAsync(), result => Assert.IsType<WriteResult.Written>(result));
        Assert.Equal(8L, Query("SELECT count(*) FROM verifications"));
    }

    [Fact]
    public async Task Write_OneOfABatchFails_StoresTheOthers()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);
        Query(
            """
            CREATE TRIGGER refuse BEFORE INSERT ON verifications WHEN NEW.region_id = 'us-east-1'
            BEGIN SELECT RAISE(FAIL, 'no'); END
            """);
        Task<WriteResult>[] writes = [];
        using (await LockAsync())
        {
            writes = [CreateAsync(), CreateAsync(), CreateAsync(A.Verification.InRegion("us-east-1")), CreateAsync()];
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(() => writes[2].WithTimeoutAsync());
        var others = await Task.WhenAll(writes[0], writes[1], writes[3]).WithTimeoutAsync();
        Assert.All(others, result => Assert.IsType<WriteResult.Written>(result));
        Assert.Equal(3L, Query("SELECT count(*) FROM verifications"));
    }

    [Fact]
    public async Task Write_FileIsLockedForLongerThanTheTimeout_ThrowsAndLaterOnesSucceed()
    {
        using (await LockAsync())
        {
            var store = ((SqliteStores)Stores).OpenFile(busyTimeout: 1);
            Task<WriteResult>[] writes = [.. Enumerable.Range(0, 8).Select(_ => CreateAsync(store: store))];
            foreach (var write in writes)
            {
                await Assert.ThrowsAsync<StoreUnavailableException>(() => write.WithTimeoutAsync());
            }
        }

        Assert.IsType<WriteResult.Written>(await CreateAsync().WithTimeoutAsync());
        Assert.Equal(1L, Query("SELECT count(*) FROM verifications"));
    }

    [Fact]
    public async Task Dispose_QueuedWrites_CommitsThem()
    {
        Task<WriteResult>[] writes = [];
        var disposal = Task.CompletedTask;
        using (await LockAsync())
        {
            writes = [CreateAsync(), CreateAsync()];
            disposal = Task.Run(((SqliteVerificationStore)Store).Dispose, TestContext.Current.CancellationToken);
            Assert.False(disposal.IsCompleted);
        }

        await disposal.WithTimeoutAsync();
        Assert.All(await Task.WhenAll(writes).WithTimeoutAsync(), result => Assert.IsType<WriteResult.Written>(result));
    }

    [Fact]
    public async Task Dispose_LaterCalls_ThrowAndCreateNoFile()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);
        ((SqliteVerificationStore)Store).Dispose();
        Directory.Delete(Path.GetDirectoryName(DatabasePath)!, recursive: true);

        // Work in the background may still use the store after the app has disposed it.
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => Store.WriteAsync(A.Verification.Record()));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            () => Store.GetAsync(Guid.NewGuid(), TestContext.Current.CancellationToken));

        Assert.False(Path.Exists(DatabasePath));
    }

    private Task<WriteResult> CreateAsync(VerificationBuilder? verification = null, IVerificationStore? store = null) =>
        (store ?? Store).WriteAsync((verification ?? A.Verification).Record());

    /// <summary>
    /// Locks the database file, as another process would do, until the result is disposed. The first write waits for
    /// the lock, and the others wait for the first write.
    /// </summary>
    private async Task<IDisposable> LockAsync()
    {
        await Store.CheckAsync(TestContext.Current.CancellationToken);
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        _ = connection.BeginTransaction(deferred: false);
        return connection;
    }

    private object? Query(string sql, int column = 0)
    {
        using var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the tests.
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        return reader.Read() ? reader.GetValue(column) : null;
    }
}
