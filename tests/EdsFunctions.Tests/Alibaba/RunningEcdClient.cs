namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// The client as the app registers it, before a gateway with a script, on a clock that the test moves; an attempt may take 10 s of
/// it, and a call 20 s.
/// </summary>
internal sealed class RunningEcdClient : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly RawHttpServer? gateway;
    private readonly IHost host;

    private RunningEcdClient(RawHttpServer? gateway, Uri? endpoint, string? securityToken, Action<IServiceCollection>? configure)
    {
        this.gateway = gateway;
        var settings = AppServices.For(endpoint);
        settings["ALIBABA_CLOUD_SECURITY_TOKEN"] = securityToken;
        host = AppServices.Build(settings, Time, configure ?? (_ => { }));
    }

    public ObservedTime Time { get; } = new(VerificationBuilder.Noon);

    public RawHttpServer Gateway => gateway!;

    public IReadOnlyList<RawHttpRequest> Requests => Gateway.Requests;

    public IReadOnlyList<FakeLogRecord> Log => host.Services.GetFakeLogCollector().GetSnapshot();

    public EcdClient Client => host.Services.GetRequiredService<EcdClient>();

    /// <param name="script">The replies of the gateway.</param>
    public static RunningEcdClient Start(params RawHttpReply[] script) => Start(null, null, script);

    public static RunningEcdClient Start(string? securityToken, Action<IServiceCollection>? configure, params RawHttpReply[] script)
    {
        var gateway = RawHttpServer.Start(script);
        return new RunningEcdClient(gateway, gateway.Url, securityToken, configure);
    }

    public static RunningEcdClient StartAt(Uri? endpoint, Action<IServiceCollection>? configure = null) =>
        new(null, endpoint, null, configure);

    /// <summary>The one log entry with that event id.</summary>
    public FakeLogRecord Logged(int eventId) => Assert.Single(Log, entry => entry.Id.Id == eventId);

    /// <summary>One call, for the CEN of another account unless said otherwise.</summary>
    public Task<EcdOutcome<EcdResponse>> SendAsync(CenTarget? target = null, CancellationToken? cancellationToken = null) =>
        Client.CallAsync(
            new SendVerifyCode(target ?? A.Verification.Target()),
            cancellationToken ?? TestContext.Current.CancellationToken).SoonAsync();

    /// <summary>
    /// Waits until the call pauses between two attempts, and says for how long; the limits of attempt and call are no pause.
    /// </summary>
    public async Task<TimeSpan> NextPauseAsync()
    {
        while (true)
        {
            var wait = await Time.NextWaitAsync();
            if (wait != Timeout && wait != Budget)
            {
                return wait;
            }
        }
    }

    /// <summary>Lets the next pause pass, and no more time than that.</summary>
    public async Task<TimeSpan> PassNextPauseAsync()
    {
        var pause = await NextPauseAsync();
        Time.Advance(pause);
        return pause;
    }

    public async ValueTask DisposeAsync()
    {
        host.Dispose();
        await (gateway?.DisposeAsync() ?? default);
    }
}
