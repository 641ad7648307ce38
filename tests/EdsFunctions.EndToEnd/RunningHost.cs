using Azure.Data.Tables;
using EdsFunctions.DevHost;
using EdsFunctions.Tests.Secrecy;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// A running host of the app, with the simulator. When the object is disposed, it checks that the app has not written
/// anything confidential to an output.
/// </summary>
public abstract class RunningHost : IAsyncLifetime
{
    /// <summary>Whether the host was started outside of the tests, so that its settings are unknown.</summary>
    public bool IsExternal { get; protected init; }

    internal string? FunctionsKey { get; private protected init; }

    internal ApiClient Api { get; private protected set; } = null!;

    internal Uri? SimulatorUrl { get; private protected set; }

    private protected SecrecyCheck Secrecy { get; } = new();

    /// <summary>The simulator that the host calls. If its address is unknown, the test is skipped.</summary>
    internal SimulatorClient Alibaba
    {
        get
        {
            Assert.SkipWhen(SimulatorUrl is null, "EDS_BASE_URL is set, but EDS_SIMULATOR_URL is not.");
            return new SimulatorClient(SimulatorUrl);
        }
    }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();
}

/// <summary>DevHost with SQLite, or the host at <c>EDS_BASE_URL</c>.</summary>
public sealed class RunningDevHost : RunningHost
{
    private readonly TemporaryFolder folder = new();
    private readonly string? url = Variable("EDS_BASE_URL");
    private DevHostApp? started;

    public RunningDevHost()
    {
        IsExternal = url is not null;
        FunctionsKey = Variable("EDS_FUNCTIONS_KEY");
    }

    public override async ValueTask InitializeAsync()
    {
        if (url is not null)
        {
            SimulatorUrl = Variable("EDS_SIMULATOR_URL") is { } simulator ? new Uri(simulator) : null;
            Api = new ApiClient(new Uri(url), FunctionsKey);
            return;
        }

        started = await DevHostApp.CreateAsync(["--urls", "http://127.0.0.1:0"], TextWriter.Null, builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Simulator:Url"] = "http://127.0.0.1:0",
                ["Verifications:SqlitePath"] = folder.File("verifications.db"),
                ["StaleReport:Threshold"] = "00:00:00",
            });
            builder.Logging.ClearProviders();
            Secrecy.AddTo(builder.Services);
        });
        Secrecy.Watch(started.Web.Services);
        await started.Web.StartAsync();
        SimulatorUrl = started.Simulator!.Url;
        Api = new ApiClient(new Uri(started.Web.Urls.First()));
        Secrecy.Watch(Api.BaseUrl);
    }

    public override async ValueTask DisposeAsync()
    {
        using (folder)
        using (Secrecy)
        await using (started)
        {
            if (started is not null)
            {
                Secrecy.Secrets.AddFrom(started.Simulator!);
                Secrecy.AddStoredRecords(folder.Path);
                Secrecy.Verify();
            }
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}

/// <summary>The Functions worker with a table on Azurite.</summary>
public sealed class RunningWorker : RunningHost
{
    private readonly Azurite azurite;
    private SimulatorServer? simulator;

    public RunningWorker(Azurite azurite)
    {
        this.azurite = azurite;
        FunctionsKey = FunctionsHost.Key;
    }

    internal FunctionsHost Host { get; private set; } = null!;

    /// <summary>App settings for the tests, with which every open verification is stale at once.</summary>
    /// <param name="table">The connection string of the table.</param>
    /// <param name="alibaba">The simulator.</param>
    internal static Dictionary<string, string?> Settings(string table, Uri alibaba) => new()
    {
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Development",
        ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
        ["StaleReport__Threshold"] = "00:00:00",
        ["Verifications__Store"] = "Table",
        ["Verifications__TableConnectionString"] = table,
        ["Alibaba__EndpointOverride"] = alibaba.ToString(),
        ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
        ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
    };

    public override async ValueTask InitializeAsync()
    {
        var table = await azurite.ConnectionStringAsync();
        simulator = await SimulatorServer.StartAsync(
            new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, TimeProvider.System);
        var settings = Settings(table, simulator.Url);
        Secrecy.Secrets.AddConfigured(settings);
        Secrecy.Secrets.Add("function key", FunctionsKey);
        Secrecy.Secrets.Add("function key", FunctionsHost.OtherKey);
        Host = await FunctionsHost.StartAsync(settings);
        SimulatorUrl = simulator.Url;
        Api = new ApiClient(Host.Url, FunctionsKey);
        Secrecy.Watch(Api.BaseUrl);
    }

    public override async ValueTask DisposeAsync()
    {
        await using (simulator)
        using (Secrecy)
        {
            await (Host?.DisposeAsync() ?? ValueTask.CompletedTask);
            if (Host is not null)
            {
                Secrecy.Secrets.AddFrom(simulator!);
                Secrecy.Add("output of the worker", Host.Output);
                var table = new TableClient(await azurite.ConnectionStringAsync(), "EdsVerifications");
                foreach (var row in await TableApps.ReadRowsAsync(table))
                {
                    Secrecy.AddStoredRecord(row);
                }

                Secrecy.Verify();
            }
        }
    }
}
