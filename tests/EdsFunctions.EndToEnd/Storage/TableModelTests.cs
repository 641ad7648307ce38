using Azure.Data.Tables;

namespace EdsFunctions.Tests.Verifications.Model;

/// <summary>The same on a table.</summary>
public sealed class TableModelTests(Azurite azurite) : ModelTests, IAsyncLifetime
{
    private readonly string name = $"M{Guid.NewGuid():N}";
    private TableServiceClient service = null!;

    public async ValueTask InitializeAsync() => service = await azurite.ServiceAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private protected override int Sequences => 200;

    private protected override IVerificationStore Open() => new TableVerificationStore(service, name);

    private protected override void Clear()
    {
        service.DeleteTable(name);
        service.CreateTable(name);
    }
}
