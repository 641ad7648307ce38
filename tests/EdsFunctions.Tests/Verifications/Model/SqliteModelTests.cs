using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>On a SQLite database in memory, which all connections to one name share.</summary>
public sealed class SqliteModelTests : ModelTests, IDisposable
{
    private readonly string name = $"file:eds-model-{Guid.NewGuid():N}?mode=memory&cache=shared";
    private readonly List<SqliteVerificationStore> opened = [];
    private readonly SqliteConnection kept;

    public SqliteModelTests()
    {
        // The database is gone with its last connection.
        kept = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = name }.ToString());
        kept.Open();
    }

    private protected override int Sequences => 1000;

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        kept.Dispose();
    }

    private protected override IVerificationStore Open()
    {
        var store = new SqliteVerificationStore(name);
        store.CheckAsync(CancellationToken.None).GetAwaiter().GetResult();
        opened.Add(store);
        return store;
    }

    private protected override void Clear()
    {
        using var command = kept.CreateCommand();
        command.CommandText = "DELETE FROM verifications; DELETE FROM idempotency_keys";
        command.ExecuteNonQuery();
    }
}
