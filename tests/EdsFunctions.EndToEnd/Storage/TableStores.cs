using Azure.Core.Pipeline;
using Azure.Data.Tables;
using EdsFunctions.Tests.Verifications.Crashes;
using EdsFunctions.Tests.Verifications.Model;

namespace EdsFunctions.Tests.Verifications.Storage;

/// <summary>A table on Azurite that only one test uses.</summary>
public sealed class TableStores(Azurite azurite) : TestStores
{
    private readonly string name = $"T{Guid.NewGuid():N}";
    private string connectionString = "";

    internal TableClient Table => new(connectionString, name);

    public override async ValueTask InitializeAsync() => connectionString = await azurite.ConnectionStringAsync();

    public override async ValueTask DisposeAsync()
    {
        if (connectionString.Length > 0)
        {
            await Table.DeleteAsync(CancellationToken.None);
        }
    }

    internal override IVerificationStore Open(Func<string, Func<Task>, Task>? around = null)
    {
        var options = around is null ? new TableClientOptions() : new TableNetwork(around).Options();
        options.Transport = new HttpClientTransport(new ServerClock(Time));
        return new TableVerificationStore(
            new TableServiceClient(connectionString, options), Time, StoreExtensions.Records, name);
    }

    internal override void Clear()
    {
        Table.Delete();
        Table.Create();
    }
}

/// <summary>Sets the clock of the table's server to that of the test.</summary>
internal sealed class ServerClock(TimeProvider time) : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        response.Headers.Date = time.GetUtcNow();
        return response;
    }

    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = base.Send(request, cancellationToken);
        response.Headers.Date = time.GetUtcNow();
        return response;
    }
}

public sealed class TableRaceTests(Azurite azurite) : RaceTests(new TableStores(azurite));

/// <summary>
/// Crashes the app before and after each request to the table. Some calls of the table store make several requests.
/// </summary>
public sealed class TableCrashTests(Azurite azurite) : CrashTests(new TableStores(azurite));

public sealed class TableModelTests(Azurite azurite) : ModelTests(new TableStores(azurite), defaultSequences: 200);
