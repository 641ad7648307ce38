using EdsFunctions.EcdSimulator.Actions;
using EdsFunctions.EcdSimulator.Control;
using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// A running stand-in for <c>https://ecd.&lt;region&gt;.aliyuncs.com</c>, on plain HTTP. It reads no configuration, logs
/// nothing and leaves the signals of the surrounding process alone.
/// </summary>
public sealed class SimulatorServer : IAsyncDisposable
{
    private readonly WebApplication app;

    private SimulatorServer(
        WebApplication app, Outbox outbox, OfficeSites officeSites, FaultQueue faults, RequestLog requests)
    {
        this.app = app;
        Outbox = outbox;
        OfficeSites = officeSites;
        Faults = faults;
        Requests = requests;
        Url = new Uri(app.Urls.First());
    }

    /// <summary>Where it listens, with the real port: <c>http://127.0.0.1:41234</c>.</summary>
    public Uri Url { get; }

    /// <summary>The e-mails that went out.</summary>
    public Outbox Outbox { get; }

    /// <summary>The office networks there are.</summary>
    public OfficeSites OfficeSites { get; }

    /// <summary>What will go wrong.</summary>
    public FaultQueue Faults { get; }

    /// <summary>What came in.</summary>
    public RequestLog Requests { get; }

    /// <param name="options">The credential to accept, and what becomes of codes.</param>
    /// <param name="url">Such as <c>http://127.0.0.1:7072</c>; with port 0 the system picks one.</param>
    /// <param name="mail">Gets a line per e-mail, with the code in it.</param>
    /// <param name="time">Judges the age of requests and of codes, and dates e-mails.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">An option or the address is unusable; the message says which and why.</exception>
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

        var outbox = new Outbox();
        var codes = new VerifyCodes(options, time);
        var officeSites = new OfficeSites();
        var faults = new FaultQueue();
        var requests = new RequestLog();
        IEcdAction[] actions =
        [
            new SendVerifyCode(outbox, codes, TextWriter.Synchronized(mail), time),
            new VerifyCen(codes, options),
            new AttachCen(codes, officeSites),
            new DescribeOfficeSites(officeSites),
        ];

        var app = Build();
        var gateway = new EcdGateway(
            new GatewayChecks(options), actions, faults, requests, time, app.Lifetime.ApplicationStopping);
        var control = new ControlEndpoints(outbox, faults, requests, [.. actions.Select(action => action.Name)]);

        control.Map(app);
        new OfficeSiteEndpoints(officeSites).Map(app);
        app.Map("/{**path}", gateway.HandleAsync);
        app.Urls.Add(url);
        try
        {
            await app.StartAsync(cancellationToken);
            return new SimulatorServer(app, outbox, officeSites, faults, requests);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops listening; whoever waits for an answer loses the connection.</summary>
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
        builder.Services.AddSingleton<IHostLifetime, GuestLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        return builder.Build();
    }

    /// <summary>The usual lifetime takes Ctrl+C and SIGTERM for itself; a guest in another process must not.</summary>
    private sealed class GuestLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
