using EdsFunctions.DevHost;
using EdsFunctions.Tests.Secrecy;
using EdsFunctions.Tests.Verifications.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdsFunctions.Tests.Drivers;

/// <summary>
/// The app on DevHost, with a port, a database, a simulator and a clock of its own. The timer has no schedule: tests
/// run it. When the object is disposed, it fails the test if the app has written a secret to an output.
/// </summary>
internal sealed class EdsApp : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly DevHostApp host;

    private EdsApp(
        TemporaryFolder folder, SimulatorServer alibaba, FakeTimeProvider time, SecrecyCheck secrecy, DevHostApp host)
    {
        this.folder = folder;
        this.host = host;
        Alibaba = alibaba;
        Time = time;
        Secrecy = secrecy;
        Api = new ApiClient(new Uri(host.Web.Urls.First()));
        secrecy.Watch(Api.BaseUrl);
    }

    /// <summary>
    /// A test project that uses another store than SQLite sets this function. It creates the store of each app.
    /// </summary>
    public static Func<Task<Func<IServiceProvider, IVerificationStore>>>? CreateStoreAsync { get; set; }

    /// <summary>
    /// A test project that uses another store than SQLite sets this function. It reads the rows of the store.
    /// </summary>
    public static Func<IVerificationStore, Task<IReadOnlyList<string>>>? ReadRowsAsync { get; set; }

    public SimulatorServer Alibaba { get; }

    public FakeTimeProvider Time { get; }

    public SecrecyCheck Secrecy { get; }

    public FakeLogCollector Log => Secrecy.Log;

    public ApiClient Api { get; }

    public IServiceProvider Services => host.Web.Services;

    public IVerificationStore Store => Services.GetRequiredService<IVerificationStore>();

    /// <param name="settings">Settings that differ from the defaults.</param>
    /// <param name="configure">Changes the services.</param>
    /// <param name="realTime">
    /// Whether the app uses the system clock instead of a fake one, for tests of retries.
    /// </param>
    public static async Task<EdsApp> StartAsync(
        Dictionary<string, string?>? settings = null,
        Action<IServiceCollection>? configure = null,
        bool realTime = false)
    {
        var createStore = CreateStoreAsync is null ? null : await CreateStoreAsync();
        var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var secrecy = new SecrecyCheck();
        var alibaba = await SimulatorServer.StartAsync(
            new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, realTime ? TimeProvider.System : time);
        var host = await DevHostApp.CreateAsync(["--urls", "http://127.0.0.1:0"], TextWriter.Null, builder =>
        {
            builder.Configuration.AddInMemoryCollection(AppServices.CreateSettings(alibaba.Url));
            builder.Configuration["Verifications:SqlitePath"] = folder.File("verifications.db");
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Services.AddSingleton(realTime ? TimeProvider.System : time);
            builder.Services.Remove(
                builder.Services.Single(service => service.ImplementationType?.Name == "ScheduledReport"));
            if (createStore is not null)
            {
                builder.Services.Replace(ServiceDescriptor.Singleton(createStore));
            }

            builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace);
            secrecy.AddTo(builder.Services);
            configure?.Invoke(builder.Services);
        });
        secrecy.Watch(host.Web.Services);
        await host.Web.StartAsync(TestContext.Current.CancellationToken);
        return new EdsApp(folder, alibaba, time, secrecy, host);
    }

    /// <summary>
    /// Runs the timer once. If it throws an exception, checks the exception for secrets, because a host would log it.
    /// </summary>
    public async Task RunReportAsync()
    {
        try
        {
            await Services.GetRequiredService<MaintenanceRun>().RunAsync(TestContext.Current.CancellationToken);
        }
        catch (Exception e)
        {
            Secrecy.Add("exception of the timer", e.ToString());
            throw;
        }
    }

    /// <summary>All records.</summary>
    public Task<IReadOnlyList<Verification>> RecordsAsync() =>
        Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), TestContext.Current.CancellationToken)
            .ReadableAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            Secrecy.Secrets.AddFrom(Alibaba);
            Secrecy.AddStoredRecords(folder.Path);
            foreach (var row in ReadRowsAsync is null ? [] : await ReadRowsAsync(Store))
            {
                Secrecy.AddStoredRecord(row);
            }

            Secrecy.Verify();
        }
        finally
        {
            Secrecy.Dispose();
            await host.DisposeAsync();
            await Alibaba.DisposeAsync();
            folder.Dispose();
        }
    }
}
