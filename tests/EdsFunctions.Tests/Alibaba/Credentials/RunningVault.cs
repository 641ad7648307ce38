namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// The source of credentials as the app registers it in production, before a stand-in for the vault, on a clock that the test
/// moves. A read serves for 5 minutes and, while the vault is away, for a day; a caller then waits 2 s for it, and after a
/// failure it is left alone for 5 s.
/// </summary>
internal sealed class RunningVault : IAsyncDisposable
{
    public static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan MaxStale = TimeSpan.FromDays(1);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan StaleWait = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How often the client of Azure asks before it gives up.</summary>
    public const int Attempts = 3;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly IHost host;

    public RunningVault(RawHttpReply reply)
    {
        Vault = new FakeKeyVault(reply);
        host = AppServices.Build(
            new() { ["KeyVault:Uri"] = Vault.Url.ToString() },
            Time,
            services => services.AddSingleton(Vault.Client()),
            Environments.Production);
    }

    public FakeKeyVault Vault { get; }

    public ObservedTime Time { get; } = new(VerificationBuilder.Noon);

    public IReadOnlyList<FakeLogRecord> Log => host.Services.GetFakeLogCollector().GetSnapshot();

    public ICredentialSource Source => host.Services.GetRequiredService<ICredentialSource>();

    public int Reads => Vault.Reads.Count;

    public Task<AlibabaCredentials> GetAsync(CancellationToken? cancellationToken = null) =>
        Source.GetAsync(cancellationToken ?? TestContext.Current.CancellationToken).AsTask().SoonAsync();

    public Task<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused) =>
        Source.RefreshAsync(refused, TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>Lets the time pass that a read serves.</summary>
    public void LetTheCacheExpire() => Time.Advance(CacheFor);

    public void JustBefore(TimeSpan time) => Time.Advance(time - Moment);

    public void ThatMoment() => Time.Advance(Moment);

    /// <summary>The log entries of an event: 200 changed, 201 served stale, 202 a read that failed.</summary>
    public IReadOnlyList<FakeLogRecord> Logged(int eventId) => [.. Log.Where(entry => entry.Id.Id == eventId)];

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await Vault.DisposeAsync();
    }
}
