namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>In SQLite a write is one transaction, so that a process dies before or after it.</summary>
public sealed class SqliteCrashTests : CrashTests
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }

    private protected override IVerificationStore Open(Lifeline life)
    {
        var store = new SqliteVerificationStore(folder.File("verifications.db"));
        opened.Add(store);
        return new MortalStore(store, life);
    }
}
