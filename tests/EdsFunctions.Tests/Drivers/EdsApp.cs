using EdsFunctions.DevHost;
using EdsFunctions.Tests.Secrecy;
using EdsFunctions.Tests.Verifications.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace EdsFunctions.Tests.Drivers;

/// <summary>
/// The whole app on a port of its own: DevHost with a database file of its own, against a simulator of its own, on a
/// clock that the test moves. The report does not run by its schedule; a test runs it. When it is disposed, nothing
/// confidential may have left it.
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

    /// <summary>Creates the store of each app, for a test project that runs tests on another store; null for a database file.</summary>
    public static Func<Task<Func<IServiceProvider, IVerificationStore>>>? CreateStoreAsync { get; set; }

    public SimulatorServer Alibaba { get; }

    public FakeTimeProvider Time { get; }

    public SecrecyCheck Secrecy { get; }

    public FakeLogCollector Log => Secrecy.Log;

    public ApiClient Api { get; }

    public IServiceProvider Services => host.Web.Services;

    public IVerificationStore Store => Services.GetRequiredService<IVerificationStore>();

    /// <param name="settings">Configuration beyond the defaults.</param>
    /// <param name="configure">Changes to the services.</param>
    /// <param name="realTime">Runs on the clock of the machine, for a test that has to wait for a retry.</param>
    public static async Task<EdsApp> StartAsync(
        Dictionary<string, string?>? settings = null, Action<IServiceCollection>? configure = null, bool realTime = false)
    {
        var createStore = CreateStoreAsync is null ? null : await CreateStoreAsync();
        var folder = new TemporaryFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
        var secrecy = new SecrecyCheck();
        var alibaba = await SimulatorServer.StartAsync(
            new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, realTime ? TimeProvider.System : time);
        var host = await DevHostApp.CreateAsync(["--urls", "http://127.0.0.1:0"], TextWriter.Null, builder =>
        {
            builder.Configuration.AddInMemoryCollection(AppServices.For(alibaba.Url));
            builder.Configuration["Verifications:SqlitePath"] = folder.File("verifications.db");
            builder.Configuration.AddInMemoryCollection(settings ?? []);
            builder.Services.AddSingleton(realTime ? TimeProvider.System : time);
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType?.Name == "ScheduledReport"));
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

    /// <summary>One run of the timer. A host logs what it throws.</summary>
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

    /// <summary>Whatever is on record.</summary>
    public Task<IReadOnlyList<Verification>> RecordsAsync() =>
        Store.ListAsync(new VerificationQuery(null, null, null, null, 1000), TestContext.Current.CancellationToken).ReadableAsync();

    public async ValueTask DisposeAsync()
    {
        try
        {
            Secrecy.Secrets.AddFrom(Alibaba);
            Secrecy.AddStoredRecords(folder.Path);
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
