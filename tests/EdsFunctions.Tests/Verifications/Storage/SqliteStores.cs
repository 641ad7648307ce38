using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A SQLite database that only one test uses, in a folder or in memory.</summary>
public sealed class SqliteStores : TestStores
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];
    private readonly SqliteConnection? keepAlive;

    public SqliteStores(bool inMemory = false)
    {
        Path = folder.File("sub/folder/verifications.db");
        if (inMemory)
        {
            // A database in memory exists until its last connection is closed.
            Path = $"file:eds-{Guid.NewGuid():N}?mode=memory&cache=shared";
            keepAlive = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path }.ToString());
            keepAlive.Open();
            OpenFile().CheckAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    public string Path { get; }

    public SqliteVerificationStore OpenFile(int busyTimeout = 10)
    {
        var store = new SqliteVerificationStore(Path, Time, StoreExtensions.Records, busyTimeout);
        opened.Add(store);
        return store;
    }

    public override ValueTask DisposeAsync()
    {
        opened.ForEach(store => store.Dispose());
        keepAlive?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override IVerificationStore Open(Func<string, Func<Task>, Task>? around = null) =>
        around is null ? OpenFile() : StoreDecorator.Create(OpenFile(), around);

    internal override void Clear()
    {
        using var command = keepAlive!.CreateCommand();
        command.CommandText =
            "DELETE FROM verifications; DELETE FROM idempotency_keys; DELETE FROM owner_sends; DELETE FROM notes";
        command.ExecuteNonQuery();
    }
}
