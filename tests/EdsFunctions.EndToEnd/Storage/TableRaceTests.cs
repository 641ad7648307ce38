using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications;

/// <summary>Two instances share a table.</summary>
public sealed class TableRaceTests(Azurite azurite) : RaceTests
{
    private readonly string name = $"R{Guid.NewGuid():N}";
    private TableServiceClient service = null!;

    public override async ValueTask InitializeAsync()
    {
        service = await azurite.ServiceAsync();
        await base.InitializeAsync();
    }

    private protected override IVerificationStore Open() => new TableVerificationStore(service, name);
}
