using EdsFunctions.EcdSimulator.Operations;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// A running simulator of <c>https://ecd.&lt;region&gt;.aliyuncs.com</c>, on plain HTTP. It reads no configuration,
/// logs nothing and leaves the signals of the surrounding process alone.
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

    /// <summary>The address it listens on, with the real port: <c>http://127.0.0.1:41234</c>.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>The e-mails that were sent.</summary>
    public Outbox Outbox { get; } = new();

    /// <summary>The office networks.</summary>
    public OfficeSites OfficeSites { get; } = new();

    /// <summary>The faults to come.</summary>
    public ScheduledFaults Faults { get; } = new();

    /// <summary>
    /// Every request to the API, refused and failed ones included; the last 100,000 of them. A request is in it before
    /// its response is on the wire.
    /// </summary>
    public RecentItems<LoggedRequest> Requests { get; } = new();

    /// <param name="options">The credential to accept, and the rules for codes.</param>
    /// <param name="url">Such as <c>http://127.0.0.1:7072</c>; with port 0 the system picks one.</param>
    /// <param name="mail">Gets a line per e-mail, with the code in it.</param>
    /// <param name="time">For the age of requests and codes, and the dates of e-mails.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="ArgumentException">An option or the address is invalid; the message says which.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<SimulatorServer> StartAsync(
        SimulatorOptions options,
        string url,
        TextWriter mail,
        TimeProvider time,
        CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme != Uri.UriSchemeHttp)
            throw new ArgumentException($"'{url}' is not an address to listen on, such as http://127.0.0.1:7072.");

        var app = Build();
        if (address.IsLoopback)
        {
            // What a client signs can be the name of the real gateway.
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

    /// <summary>Stops listening; clients that wait for a response lose the connection.</summary>
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

    /// <summary>The default lifetime handles Ctrl+C and SIGTERM, which belong to the surrounding process.</summary>
    private sealed class NoSignalsLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
