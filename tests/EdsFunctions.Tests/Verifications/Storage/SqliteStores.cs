using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A SQLite database in a folder of its own, or in memory, which all connections to one name share.</summary>
public sealed class SqliteStores : TestStores
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];
    private readonly SqliteConnection? kept;

    public SqliteStores(bool inMemory = false)
    {
        Path = folder.File("sub/folder/verifications.db");
        if (inMemory)
        {
            // The database is gone with its last connection.
            Path = $"file:eds-{Guid.NewGuid():N}?mode=memory&cache=shared";
            kept = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path }.ToString());
            kept.Open();
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
        kept?.Dispose();
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal override IVerificationStore Open(Func<string, Func<Task>, Task>? around = null) =>
        around is null ? OpenFile() : StoreDecorator.Create(OpenFile(), around);

    internal override void Clear()
    {
        using var command = kept!.CreateCommand();
        command.CommandText = "DELETE FROM verifications; DELETE FROM idempotency_keys; DELETE FROM owner_sends; DELETE FROM notes";
        command.ExecuteNonQuery();
    }
}
