using Microsoft.Data.Sqlite;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>A SQLite database that all connections to one name share, and that is gone with the last of them.</summary>
internal sealed class SqliteInMemory : SharedStore
{
    private readonly SqliteVerificationStore[] stores;
    private readonly SqliteConnection kept;

    public SqliteInMemory()
    {
        var name = $"file:eds-model-{Guid.NewGuid():N}?mode=memory&cache=shared";
        kept = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = name }.ToString());
        kept.Open();
        stores = [.. Enumerable.Range(0, Steps.Instances).Select(_ => new SqliteVerificationStore(name))];
        // Creates the tables.
        stores[0].CheckAsync(CancellationToken.None).GetAwaiter().GetResult();
    }

    public override bool OrphansById => false;

    public override IReadOnlyList<IVerificationStore> Fresh()
    {
        using var command = kept.CreateCommand();
        command.CommandText = "DELETE FROM verifications; DELETE FROM idempotency_keys";
        command.ExecuteNonQuery();
        return stores;
    }

    public override void Dispose()
    {
        foreach (var store in stores)
        {
            store.Dispose();
        }

        kept.Dispose();
    }
}
