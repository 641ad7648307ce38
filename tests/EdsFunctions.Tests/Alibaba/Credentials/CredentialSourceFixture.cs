namespace EdsFunctions.Tests.Alibaba.Credentials;

/// <summary>
/// The source of the Alibaba access key as the app registers it in production, with a fake vault and a fake clock.
/// </summary>
internal sealed class CredentialSourceFixture : IAsyncDisposable
{
    public static readonly TimeSpan CacheFor = TimeSpan.FromMinutes(5);
    public static readonly TimeSpan MaxStale = TimeSpan.FromDays(1);
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan StaleWait = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a caller waits for the access key in Development, where a developer tool has 30 s to return a token.
    /// </summary>
    public static readonly TimeSpan DevelopmentWait = TimeSpan.FromSeconds(25);

    /// <summary>The number of attempts that the Azure client makes in one read of the vault.</summary>
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
        Source.GetAsync(cancellationToken ?? TestContext.Current.CancellationToken).AsTask().WithTimeoutAsync();

    public Task<AlibabaCredentials> RefreshAsync(AlibabaCredentials rejected) =>
        Source.RefreshAsync(rejected, TestContext.Current.CancellationToken).AsTask().WithTimeoutAsync();

    public void ExpireCache() => Time.Advance(CacheFor);

    /// <summary>Advances the clock by a time, less one millisecond.</summary>
    public void AdvanceToJustBefore(TimeSpan time) => Time.Advance(time - Moment);

    /// <summary>Advances the clock by the millisecond that <see cref="AdvanceToJustBefore"/> left out.</summary>
    public void AdvancePast() => Time.Advance(Moment);

    /// <summary>
    /// The log entries with an event id: 200 for a new access key, 201 for the use of a cached one, 202 for a failed
    /// read.
    /// </summary>
    public IReadOnlyList<FakeLogRecord> Logged(int eventId) => [.. Log.Where(entry => entry.Id.Id == eventId)];

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await Vault.DisposeAsync();
    }
}
