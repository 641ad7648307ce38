namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A database file in a folder of its own, and the stores that have opened it, each as a process of its own would.</summary>
internal sealed class SqliteStores : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];

    public string Path => folder.File("sub/folder/verifications.db");

    public SqliteVerificationStore Open(int busyTimeout = 10)
    {
        var store = new SqliteVerificationStore(Path, busyTimeout);
        opened.Add(store);
        return store;
    }

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }
}
