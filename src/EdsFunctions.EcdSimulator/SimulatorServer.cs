using EdsFunctions.EcdSimulator.Operations;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// A server that simulates <c>https://ecd.&lt;region&gt;.aliyuncs.com</c> on plain HTTP. Another process can embed the
/// server, because it reads no configuration, writes no logs and handles no signals.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private SimulatorServer(WebApplication app, SimulatorOptions options, TextWriter mail, TimeProvider time)
    {
        this.app = app;
        var cens = new CenRegistry(options, time);
        ISimulatedOperation[] operations =
        [
            new SendVerifyCodeOperation(Outbox, cens, TextWriter.Synchronized(mail), time),
            new VerifyCenOperation(cens, options),
            new AttachCenOperation(cens, OfficeSites),
            new DescribeOfficeSitesOperation(OfficeSites),
        ];
        var names = operations.Select(operation => operation.Name);
        new ControlRoutes(Outbox, Requests, Faults, OfficeSites, names).Map(app);

        var gateway = new SimulatedGateway(
            new GatewayChecks(options), operations, Faults, Requests, time, app.Lifetime.ApplicationStopping);
        app.Map("/{**path}", gateway.HandleAsync);
    }

    /// <summary>The address with the actual port, such as <c>http://127.0.0.1:41234</c>.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>The e-mails that were sent.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>The office networks.</summary>
    public OfficeSites OfficeSites { get; } = new();

    /// <summary>The scheduled faults.</summary>
    public ScheduledFaults Faults { get; } = new();

    /// <summary>
    /// The last 100,000 requests, including those that failed. A request is in the list before its response is sent.
    /// </summary>
    public RecentItems<LoggedRequest> Requests { get; } = new();

    /// <param name="options">The access key to accept, and the rules for codes.</param>
    /// <param name="url">The address, such as <c>http://127.0.0.1:7072</c>; port 0 for a free one.</param>
    /// <param name="mail">Receives a line for each e-mail, with the code.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option or the address is invalid. The message says which.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options,
        string url,
        TextWriter mail,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        // Kestrel does not accept a path, or port 0 with the name localhost, so reject them here with a clear message.
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address is not { Scheme: "http", PathAndQuery: "/" } or { Host: "localhost", Port: 0 })
        {
            throw new ArgumentException(
                $"'{url}' is not an address to listen on: use one such as http://127.0.0.1:7072.");
        }

        var app = Build();
        if (address.IsLoopback)
        {
            // Also accept the host names of the real gateway, because clients may sign requests for them.
            app.UseLoopbackOnly(".aliyuncs.com");
        }

        try
        {
            app.Urls.Add(url);
            var server = new SimulatorServer(app, options, mail, time);
            await app.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops the server and aborts requests in progress.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IHostLifetime, NoSignalsLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    /// <summary>
    /// Handles no signals. The default lifetime would handle Ctrl+C and SIGTERM, which the process that embeds the
    /// server must handle.
    /// </summary>
    private sealed class NoSignalsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
