namespace EdsFunctions.Load;

/// <summary>The simulator, and DevHost in front of it, which can be started anew on the same database.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string AnyPort = "http://127.0.0.1:0";

    private readonly string folder;
    private readonly ChildProcess simulator;

    private Stage(string folder, ChildProcess simulator, Uri simulatorUrl)
    {
        this.folder = folder;
        this.simulator = simulator;
        SimulatorUrl = simulatorUrl;
    }

    public Uri SimulatorUrl { get; }

    /// <param name="folder">Where DevHost keeps its database.</param>
    public static async Task<Stage> SetAsync(string folder)
    {
        var (simulator, url) = await ChildProcess.StartAsync("EdsFunctions.EcdSimulator", folder, ["--urls", AnyPort]);
        return new Stage(folder, simulator, url);
    }

    /// <param name="arguments">What differs from the defaults.</param>
    public Task<(ChildProcess Process, Uri Url)> StartDevHostAsync(params string[] arguments) =>
        ChildProcess.StartAsync(
            "EdsFunctions.DevHost",
            folder,
            ["--urls", AnyPort, "--Alibaba:EndpointOverride", SimulatorUrl.ToString(), .. arguments],
            new Dictionary<string, string>
            {
                ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
                ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
                ["ALIBABA_CLOUD_SECURITY_TOKEN"] = "",
            });

    public ValueTask DisposeAsync() => simulator.DisposeAsync();
}
