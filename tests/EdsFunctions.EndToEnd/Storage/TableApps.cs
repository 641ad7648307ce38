using System.Runtime.CompilerServices;
using Azure;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using EdsFunctions.Tests.Api;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Maintenance;
using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>
/// Gives each <see cref="EdsApp"/> in this test project a table of its own on Azurite, with the clock of the test.
/// </summary>
internal static class TableApps
{
    [ModuleInitializer]
    internal static void Register()
    {
        EdsApp.CreateStoreAsync = async () =>
        {
            var connectionString = await ConnectionStringAsync();
            return services =>
            {
                var time = services.GetRequiredService<TimeProvider>();
                var options = TableVerificationStore.ClientOptions();
                options.Transport = new HttpClientTransport(new ServerClock(time));
                // Wait longer than in the app, because all tests share one Azurite, which can be busy.
                options.Retry.NetworkTimeout = TimeSpan.FromMinutes(2);
                var client = new TableServiceClient(connectionString, options);
                return new TableVerificationStore(
                    client, time, services.GetRequiredService<RecordReader>(), $"T{Guid.NewGuid():N}");
            };
        };
        EdsApp.ReadRowsAsync = async store => await ReadRowsAsync(await TableAsync(store));
    }

    /// <summary>The table of an app.</summary>
    public static async Task<TableClient> TableAsync(IVerificationStore store) =>
        new(await ConnectionStringAsync(), store.Description["Azure Table ".Length..].Split(' ')[0]);

    /// <summary>Reads the rows of a table as text; no rows if the table was not created.</summary>
    public static async Task<IReadOnlyList<string>> ReadRowsAsync(TableClient table)
    {
        try
        {
            return await table.QueryAsync<TableEntity>()
                .Select(row => string.Join('\n', row.Select(column => $"{column.Key}={column.Value}"))).ToListAsync();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return [];
        }
    }

    private static async Task<string> ConnectionStringAsync() =>
        await (await TestContext.Current.GetFixture<Azurite>())!.ConnectionStringAsync();
}

public sealed class TableAttachmentOutcomeTests : AttachmentOutcomeTests;

public sealed class TableIdempotencyTests : IdempotencyTests;

public sealed class TableMaintenanceRunTests : MaintenanceRunTests;

public sealed class TableLateReplyTests : LateReplyTests;

public sealed class TableReconcileTests : ReconcileTests;

public sealed class TableRegionTests : RegionTests;

public sealed class TableRepeatedDeliveryTests : RepeatedDeliveryTests;

public sealed class TableSecrecyCheckTests : SecrecyCheckTests;

public sealed class TableWebhookRepeatTests : WebhookRepeatTests;

public sealed class TableWebhookStoreFaultTests : WebhookStoreFaultTests;

public sealed class TableUnreadableRecordTests : UnreadableRecordTests
{
    private protected override async Task WriteAsNewerVersionAsync(IVerificationStore store)
    {
        var table = await TableApps.TableAsync(store);
        var cancel = TestContext.Current.CancellationToken;
        await foreach (var row in table.QueryAsync<TableEntity>("State eq 'pending'", cancellationToken: cancel))
        {
            row["State"] = "queued";
            row["Document"] = row.GetString("Document").Replace(
                "\"state\":\"pending\"", "\"state\":\"queued\"", StringComparison.Ordinal);
            await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, cancel);
        }
    }
}
