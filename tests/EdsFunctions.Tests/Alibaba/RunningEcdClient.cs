namespace EdsFunctions.Tests.Alibaba;

/// <summary>
/// The client as the app registers it, on a clock that the test moves; an attempt may take 10 s of it, and a call 20 s.
/// </summary>
internal sealed class RunningEcdClient : IDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    private readonly IHost host;

    private RunningEcdClient(IHost host, ObservedTime time)
    {
        this.host = host;
        Time = time;
    }

    public ObservedTime Time { get; }

    public IReadOnlyList<FakeLogRecord> Log => host.Services.GetFakeLogCollector().GetSnapshot();

    public EcdClient Client => host.Services.GetRequiredService<EcdClient>();

    public static RunningEcdClient Start(
        Uri? endpoint,
        ICredentialSource? credentials = null,
        string? securityToken = null,
        Action<IServiceCollection>? configure = null)
    {
        var time = new ObservedTime(VerificationBuilder.Noon);
        var builder = Host.CreateEmptyApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Alibaba:EndpointOverride"] = endpoint?.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "testid",
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "testsecret",
            ["ALIBABA_CLOUD_SECURITY_TOKEN"] = securityToken,
        });
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddEdsFunctions();
        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
        if (credentials is not null)
        {
            builder.Services.AddSingleton(credentials);
        }

        configure?.Invoke(builder.Services);
        return new RunningEcdClient(builder.Build(), time);
    }

    /// <summary>The one log entry with that event id.</summary>
    public FakeLogRecord Logged(int eventId) => Assert.Single(Log, entry => entry.Id.Id == eventId);

    /// <summary>One call, for the CEN of another account unless said otherwise.</summary>
    public Task<EcdOutcome> SendAsync(CenTarget? target = null, CancellationToken? cancellationToken = null) =>
        Client.SendVerifyCodeAsync(
            target ?? A.Verification.Target(), cancellationToken ?? TestContext.Current.CancellationToken).SoonAsync();

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

    public void Dispose() => host.Dispose();
}
