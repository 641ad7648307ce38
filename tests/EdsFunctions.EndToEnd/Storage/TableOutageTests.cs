using Azure.Data.Tables;
using EdsFunctions.Tests.Api;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>The table refuses connections while the app runs.</summary>
public sealed class TableOutageTests(Azurite azurite) : StoreOutageTests
{
    private protected override async Task<StoreOutage> CreateOutageAsync() =>
        new TableOutage(await FaultyTable.StartAsync(await azurite.ConnectionStringAsync()));

    private sealed class TableOutage(FaultyTable table) : StoreOutage
    {
        public override void Configure(IServiceCollection services) =>
            services.Replace(ServiceDescriptor.Singleton<IVerificationStore>(provider => new TableVerificationStore(
                new TableServiceClient(table.ConnectionString, TableVerificationStore.ClientOptions()),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<RecordReader>(),
                $"O{Guid.NewGuid():N}")));

        public override void Begin(IVerificationStore store) => table.Decide = _ => TableFault.Refuse;

        public override void End(IVerificationStore store) => table.Decide = _ => TableFault.None;

        public override async ValueTask DisposeAsync()
        {
            await table.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
