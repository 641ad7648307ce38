namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// The credential source as the app registers it in production, with a fake vault and a fake clock.
/// </summary>
internal sealed class CredentialSourceFixture : IAsyncDisposable
{
    public static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan MaxStale = TimeSpan.FromDays(1);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan StaleWait = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long a caller waits in Development, where a developer tool gets 30 s for the token.</summary>
    public static readonly TimeSpan DevelopmentWait = TimeSpan.FromSeconds(25);

    /// <summary>The attempts of the Azure client in one read.</summary>
    public const int Attempts = 3;

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly IHost host;

    public CredentialSourceFixture(
        RawHttpReply reply, string? environment = null, bool isTrusted = true, string vaultHost = "localhost")
    {
        Vault = new FakeKeyVault(reply, vaultHost);
        host = AppServices.Build(
            new() { ["KeyVault:Uri"] = Vault.Url.ToString() },
            Time,
            services => services.AddSingleton(Vault.Client(isTrusted)),
            environment ?? Environments.Production);
    }

    public FakeKeyVault Vault { get; }

    public ObservedTime Time { get; } = new(VerificationBuilder.Noon);

    public IReadOnlyList<FakeLogRecord> Log => host.Services.GetFakeLogCollector().GetSnapshot();

    public ICredentialSource Source => host.Services.GetRequiredService<ICredentialSource>();

    public IServiceProvider Services => host.Services;

    public int Reads => Vault.Reads.Count;

    public Task<AlibabaCredentials> GetAsync(CancellationToken? cancellationToken = null) =>
        Source.GetAsync(cancellationToken ?? TestContext.Current.CancellationToken).AsTask().SoonAsync();

    public Task<AlibabaCredentials> RefreshAsync(AlibabaCredentials rejected) =>
        Source.RefreshAsync(rejected, TestContext.Current.CancellationToken).AsTask().SoonAsync();

    public void ExpireCache() => Time.Advance(CacheFor);

    /// <summary>Advances the clock to one millisecond before the end of a time.</summary>
    public void AdvanceToJustBefore(TimeSpan time) => Time.Advance(time - Moment);

    /// <summary>Advances the clock by that millisecond.</summary>
    public void AdvancePast() => Time.Advance(Moment);

    /// <summary>The log entries of an event: 200 changed, 201 used stale, 202 failed read.</summary>
    public IReadOnlyList<FakeLogRecord> Logged(int eventId) => [.. Log.Where(entry => entry.Id.Id == eventId)];

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await Vault.DisposeAsync();
    }
}
