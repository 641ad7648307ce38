namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// The client for Alibaba as the app registers it, with a gateway that follows a script, and a fake clock. An attempt
/// times out after 10 s, and a call after 20 s.
/// </summary>
internal sealed class RunningEcdClient : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly RawHttpServer? gateway;
    private readonly IHost host;

    private RunningEcdClient(
        RawHttpServer? gateway, Uri? endpoint, string? securityToken, Action<IServiceCollection>? configure)
    {
        this.gateway = gateway;
        var settings = AppServices.CreateSettings(endpoint);
        settings["ALIBABA_CLOUD_SECURITY_TOKEN"] = securityToken;
        host = AppServices.Build(settings, Time, configure ?? (_ => { }));
    }

    public ObservedTime Time { get; } = new(VerificationBuilder.Noon);

    public RawHttpServer Gateway => gateway!;

    public IReadOnlyList<RawHttpRequest> Requests => Gateway.Requests;

    public IReadOnlyList<FakeLogRecord> Log => host.Services.GetFakeLogCollector().GetSnapshot();

    public EcdClient Client => host.Services.GetRequiredService<EcdClient>();

    /// <param name="script">The responses of the gateway; the last one repeats.</param>
    public static RunningEcdClient Start(params RawHttpReply[] script) => Start(null, null, script);

    public static RunningEcdClient Start(
        string? securityToken, Action<IServiceCollection>? configure, params RawHttpReply[] script)
    {
        var gateway = RawHttpServer.Start(script);
        return new RunningEcdClient(gateway, gateway.Url, securityToken, configure);
    }

    public static RunningEcdClient StartAt(Uri? endpoint, Action<IServiceCollection>? configure = null) =>
        new(null, endpoint, null, configure);

    /// <summary>The only log entry with an event id.</summary>
    public FakeLogRecord Logged(int eventId) => Assert.Single(Log, entry => entry.Id.Id == eventId);

    /// <summary>Calls SendVerifyCode, by default for the CEN of another account.</summary>
    public Task<EcdOutcome<EcdResponse>> SendAsync(
        CenTarget? target = null, CancellationToken? cancellationToken = null) => Client.CallAsync(
            new SendVerifyCode(target ?? A.Verification.Target()),
            cancellationToken ?? TestContext.Current.CancellationToken).WithTimeoutAsync();

    /// <summary>Waits for the delay before the next attempt, and returns it.</summary>
    public async Task<TimeSpan> NextDelayAsync()
    {
        while (true)
        {
            var timer = await Time.NextWaitAsync();
            if (timer != Timeout && timer != Budget)
            {
                return timer;
            }
        }
    }

    /// <summary>Advances the clock by the next delay.</summary>
    public async Task<TimeSpan> PassNextDelayAsync()
    {
        var delay = await NextDelayAsync();
        Time.Advance(delay);
        return delay;
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await (gateway?.DisposeAsync() ?? default);
    }
}
