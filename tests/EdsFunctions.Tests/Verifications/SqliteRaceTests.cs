namespace EdsFunctions.Tests.Verifications;

/// <summary>Two processes of one machine share a file.</summary>
public sealed class SqliteRaceTests : RaceTests
{
    private readonly TemporaryFolder folder = new();
    private readonly List<SqliteVerificationStore> opened = [];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }

    private protected override IVerificationStore Open()
    {
        var store = new SqliteVerificationStore(folder.File("verifications.db"));
        opened.Add(store);
        return store;
    }
}
