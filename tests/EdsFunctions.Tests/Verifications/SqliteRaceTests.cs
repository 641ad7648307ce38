using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

/// <summary>Two processes of one machine share a file.</summary>
public sealed class SqliteRaceTests : RaceTests
{
    private readonly SqliteStores stores = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        stores.Dispose();
    }

    private protected override IVerificationStore Open() => stores.Open();
}
