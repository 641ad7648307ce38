using EdsFunctions.DevHost;

namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// What the end-to-end tests run against: whatever listens at <c>EDS_BASE_URL</c>, with the simulator at <c>EDS_SIMULATOR_URL</c> behind it
/// and <c>EDS_FUNCTIONS_KEY</c> where the host asks for a key; without them a DevHost that is started here.
/// </summary>
public sealed class RunningHost : IAsyncLifetime
{
    private TemporaryFolder? folder;
    private DevHostApp? started;

    /// <summary>Whether somebody else started the host, with a configuration that is not ours.</summary>
    public bool IsForeign { get; } = Variable("EDS_BASE_URL") is not null;

    internal string? FunctionsKey { get; } = Variable("EDS_FUNCTIONS_KEY");

    internal ApiClient Api { get; private set; } = null!;

    private Uri? SimulatorUrl { get; set; }

    /// <summary>The simulator behind the host; the test is skipped where nobody said where it is.</summary>
    internal SimulatorClient Alibaba
    {
        get
        {
            Assert.SkipWhen(SimulatorUrl is null, "EDS_BASE_URL is set, and EDS_SIMULATOR_URL does not say where its simulator is.");
            return new SimulatorClient(SimulatorUrl);
        }
    }

    public async ValueTask InitializeAsync()
    {
        SimulatorUrl = Variable("EDS_SIMULATOR_URL") is { } simulator ? new Uri(simulator) : null;
        if (Variable("EDS_BASE_URL") is { } url)
        {
            Api = new ApiClient(new Uri(url), FunctionsKey);
            return;
        }

        folder = new TemporaryFolder();
        started = await DevHostApp.CreateAsync(["--urls", "http://127.0.0.1:0"], TextWriter.Null, builder =>
        {
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Simulator:Url"] = "http://127.0.0.1:0",
                ["Verifications:SqlitePath"] = folder.File("verifications.db"),
                ["StaleReport:Threshold"] = "00:00:00",
            });
            builder.Logging.ClearProviders();
        });
        await started.Web.StartAsync();
        SimulatorUrl = started.Simulator!.Url;
        Api = new ApiClient(new Uri(started.Web.Urls.First()));
    }

    public async ValueTask DisposeAsync()
    {
        if (started is not null)
        {
            await started.DisposeAsync();
            folder!.Dispose();
        }
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
