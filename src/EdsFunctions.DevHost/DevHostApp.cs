using System.Net;
using System.Net.Sockets;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Hosting;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.DevHost.OpenApi;
using EdsFunctions.EcdSimulator;
using Scalar.AspNetCore;

namespace EdsFunctions.DevHost;

/// <summary>
/// Runs the app on Kestrel, with the same routes and the same timer, on a machine without Functions Core Tools. Also
/// starts a simulator of Alibaba Cloud, unless the configuration has another endpoint.
/// </summary>
public sealed class DevHostApp : IAsyncDisposable
{
    private const string DefaultUrl = "http://127.0.0.1:7071";

    private DevHostApp(WebApplication web, SimulatorServer? simulator)
    {
        Web = web;
        Simulator = simulator;
    }

    /// <summary>The web host. The caller starts it.</summary>
    public WebApplication Web { get; }

    /// <summary>The simulator; null if the configuration has another endpoint.</summary>
    public SimulatorServer? Simulator { get; }

    /// <summary>Runs the app until the process is asked to stop.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        DevHostApp app;
        try
        {
            app = await CreateAsync(args, Console.Out);
        }
        catch (Exception e)
        {
            return await StartUp.ReportFailureAsync(e);
        }

        await using (app)
        {
            return await StartUp.RunAsync(
                app.Web, starting: app.PrepareAsync, started: () => Banner.WriteAsync(app, Console.Out));
        }
    }

    /// <param name="args">
    /// Configuration from the command line, such as <c>--urls</c> or <c>--StaleReport:Threshold 00:05:00</c>.
    /// </param>
    /// <param name="mail">Receives a line for each e-mail of the simulator.</param>
    /// <param name="configure">Changes the host for a test.</param>
    /// <exception cref="OptionsValidationException">A setting of DevHost itself is invalid.</exception>
    public static async Task<DevHostApp> CreateAsync(
        string[] args, TextWriter mail, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Do not reload the configuration: the app reads settings once, and a file watcher would watch every folder
            // below the working folder.
            Args = ["--hostBuilder:reloadConfigOnChange=false", .. args],
            // DevHost runs in Development, unless a developer sets another environment to see how the app behaves
            // there.
            EnvironmentName = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environments.Development,
        });
        if (string.IsNullOrEmpty(builder.Configuration["urls"]))
        {
            builder.WebHost.UseUrls(DefaultUrl);
        }

        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
            console.UseUtcTimestamp = true;
        });
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.Services.AddEdsFunctions();
        builder.Services.AddEdsTelemetry(builder.Configuration);
        builder.Services.AddHostedService<ScheduledReport>();
        builder.Services.AddOpenApiDocument();
        configure?.Invoke(builder);
        RequireLoopback(builder.Configuration);
        var simulator = await InProcessSimulator.StartAsync(builder.Configuration, mail);
        var web = builder.Build();
        web.UseLoopbackOnly();
        web.MapFunctions();
        web.MapOpenApi();
        web.MapScalarApiReference(page => page.DisableDefaultFonts());
        return new DevHostApp(web, simulator);
    }

    /// <summary>Checks the store before the host starts.</summary>
    internal Task PrepareAsync() => StartUp.CheckStoreAsync(Web.Services);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Web.DisposeAsync();
        if (Simulator is not null)
        {
            await Simulator.DisposeAsync();
        }
    }

    /// <summary>
    /// Requires that DevHost listens on loopback addresses only: it checks no function key, so only this machine may
    /// connect.
    /// </summary>
    private static void RequireLoopback(ConfigurationManager configuration)
    {
        if (QuotedText.IsQuoted(configuration["urls"]))
        {
            throw Invalid($"--urls {QuotedText.Error}.");
        }

        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || !uri.IsLoopback)
            {
                throw Invalid("--urls must be loopback addresses, such as http://127.0.0.1:7071.");
            }

            if (uri is not { Scheme: "http", PathAndQuery: "/" })
            {
                throw Invalid(
                    "--urls must consist of http, host and port, such as http://127.0.0.1:7071: " +
                    "DevHost serves no https.");
            }

            if (uri is { Host: "localhost", Port: 0 })
            {
                throw Invalid(
                    "--urls must have a fixed port with localhost, such as http://localhost:7071. " +
                    "For any free port use http://127.0.0.1:0.");
            }

            RequireFree(uri);
        }

        if (configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            throw Invalid("Kestrel:Endpoints is not supported by DevHost. Set --urls to loopback addresses instead.");
        }
    }

    /// <summary>
    /// Checks that the address is free, to explain the failure in one line. Kestrel would log a stack trace.
    /// </summary>
    private static void RequireFree(Uri url)
    {
        try
        {
            using var listener = new TcpListener(
                IPAddress.TryParse(url.DnsSafeHost, out var address) ? address : IPAddress.Loopback, url.Port);
            listener.Start();
        }
        catch (SocketException e)
        {
            throw Invalid(
                $"--urls: cannot listen on {url.Authority}: {e.Message}. " +
                "Use a free port, or http://127.0.0.1:0 for any.");
        }
    }

    internal static OptionsValidationException Invalid(string failure) =>
        new("DevHost", typeof(DevHostApp), [failure]);
}
