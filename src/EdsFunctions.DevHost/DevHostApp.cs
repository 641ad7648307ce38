using EdsFunctions.Core;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Credentials;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;
using EdsFunctions.EcdSimulator;

namespace EdsFunctions.DevHost;

/// <summary>
/// The app on Kestrel, for a machine without Functions Core Tools: the same endpoints on the same routes, the report on the same
/// schedule, and, unless the configuration names another endpoint, the simulator of Alibaba's gateway beside it.
/// </summary>
public sealed class DevHostApp : IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    private DevHostApp(WebApplication web, SimulatorServer? simulator)
    {
        Web = web;
        Simulator = simulator;
    }

    /// <summary>The host, not started yet.</summary>
    public WebApplication Web { get; }

    /// <summary>The simulator beside it, started; null where another endpoint is configured.</summary>
    public SimulatorServer? Simulator { get; }

    /// <summary>Runs the app until it is told to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        DevHostApp app;
        try
        {
            app = await CreateAsync(args, Console.Out);
        }
        catch (InvalidDevHostOptionException e)
        {
            await Console.Error.WriteLineAsync($"EdsFunctions cannot start: {e.Message}");
            return 1;
        }
        catch (Exception e)
        {
            return await StartUp.RefuseAsync(e);
        }

        await using (app)
        {
            var store = app.Web.Services.GetRequiredService<IVerificationStore>;
            return await StartUp.RunAsync(
                app.Web,
                starting: () => store().CheckAsync(CancellationToken.None),
                started: () => Banner.WriteAsync(app, Console.Out));
        }
    }

    /// <summary>Builds the app.</summary>
    /// <param name="args">Configuration from the command line, such as <c>--urls</c> or <c>--StaleReport:Threshold 00:05:00</c>.</param>
    /// <param name="mail">Where the simulator writes the e-mails that it "sends".</param>
    /// <param name="configure">Changes for a test.</param>
    /// <exception cref="InvalidDevHostOptionException">An option of this host cannot be used.</exception>
    public static async Task<DevHostApp> CreateAsync(string[] args, TextWriter mail, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(Options(args));
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.UseConsoleLog();
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddEdsFunctions();
        builder.Services.AddEdsTelemetry(builder.Configuration);
        builder.Services.AddHostedService<ScheduledReport>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout(builder.Configuration));
        configure?.Invoke(builder);
        RequireLoopback(builder.Configuration["urls"] ?? "");
        if (builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw new InvalidDevHostOptionException("Kestrel:Endpoints is not for this host: it listens where --urls says.");
        }

        var simulator = await StartSimulatorAsync(builder, mail);
        var web = builder.Build();
        web.MapFunctions();
        return new DevHostApp(web, simulator);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        if (Simulator is not null)
        {
            await Simulator.DisposeAsync();
        }
    }

    /// <summary>Nothing reads a setting twice, so that no file need be watched for a change; the watching costs a start 10 ms.</summary>
    private static WebApplicationOptions Options(string[] args) => new()
    {
        Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
        EnvironmentName = Environment(),
    };

    /// <summary>This host is for development, unless someone says otherwise to see how the app behaves elsewhere.</summary>
    private static string Environment() =>
        System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
        ?? System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
        ?? Environments.Development;

    /// <summary>
    /// What has begun may end: a call may take its whole budget, and its answer has to be recorded. The value is read as it stands, since
    /// this is asked for before the options are checked.
    /// </summary>
    private static TimeSpan ShutdownTimeout(ConfigurationManager configuration)
    {
        var alibaba = new AlibabaOptions();
        if (TimeSpan.TryParse(
                configuration[$"{AlibabaOptions.Section}:{nameof(AlibabaOptions.Timeout)}"], CultureInfo.InvariantCulture, out var timeout))
        {
            alibaba.Timeout = timeout;
        }

        return alibaba.Budget + TimeSpan.FromSeconds(10);
    }

    /// <summary>Nothing here asks for a key, so nobody but this machine may ask.</summary>
    private static void RequireLoopback(string urls)
    {
        foreach (var url in urls.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsLoopback)
            {
                throw new InvalidDevHostOptionException("--urls must be loopback addresses, such as http://127.0.0.1:7071.");
            }
        }
    }

    private static async Task<SimulatorServer?> StartSimulatorAsync(WebApplicationBuilder builder, TextWriter mail)
    {
        const string EndpointOverride = $"{AlibabaOptions.Section}:{nameof(AlibabaOptions.EndpointOverride)}";
        if (!string.IsNullOrEmpty(builder.Configuration[EndpointOverride]))
        {
            return null;
        }

        var options = builder.Configuration.GetSection("Simulator").Get<SimulatorOptions>() ?? new SimulatorOptions();
        var simulator = await InProcessSimulator.StartAsync(options, builder.Configuration["Simulator:Url"], mail);
        var settings = new Dictionary<string, string?> { [EndpointOverride] = simulator.Url.ToString() };
        if (string.IsNullOrEmpty(builder.Configuration[$"{KeyVaultOptions.Section}:{nameof(KeyVaultOptions.Uri)}"]))
        {
            // A real access key in the environment is not for the simulator, which would refuse it.
            settings["ALIBABA_CLOUD_ACCESS_KEY_ID"] = options.AccessKeyId;
            settings["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = options.AccessKeySecret;
            settings["ALIBABA_CLOUD_SECURITY_TOKEN"] = options.SecurityToken;
        }

        builder.Configuration.AddInMemoryCollection(settings);
        return simulator;
    }
}
