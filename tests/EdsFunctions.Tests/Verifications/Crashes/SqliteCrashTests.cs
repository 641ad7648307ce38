using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>In SQLite a write is one transaction, so that a process dies before or after it.</summary>
public sealed class SqliteCrashTests : CrashTests
{
    private readonly SqliteStores stores = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        stores.Dispose();
    }

    private protected override IVerificationStore Open(Lifeline life) => life.Around(stores.Open());
}
