using Azure.Data.Tables;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications.Crashes;

/// <summary>In the table store some things take several requests, so that a process dies before and after each request.</summary>
public sealed class TableCrashTests(Azurite azurite) : CrashTests
{
    private readonly string name = $"C{Guid.NewGuid():N}";
    private string connectionString = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        connectionString = await azurite.ConnectionStringAsync();
    }

    private protected override IVerificationStore Open(Lifeline life)
    {
        var network = new TableNetwork((_, request) => life.AroundAsync(request));
        return new TableVerificationStore(new TableServiceClient(connectionString, network.Options()), name);
    }
}
