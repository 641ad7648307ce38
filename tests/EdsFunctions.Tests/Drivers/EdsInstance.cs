using EdsFunctions.Tests.Secrecy;

namespace EdsFunctions.Tests.Drivers;

/// <summary>
/// An instance of the app without a web server, with a store that other instances may share. When the object is
/// disposed, it fails the test if the app has written a secret to an output.
/// </summary>
internal sealed class EdsInstance : IDisposable
{
    private readonly IHost host;
    private readonly SecrecyCheck secrecy;

    private EdsInstance(IHost host, SecrecyCheck secrecy)
    {
        this.host = host;
        this.secrecy = secrecy;
        secrecy.Secrets.AddAccount(VerificationBuilder.DefaultOwner.ToString(CultureInfo.InvariantCulture));
        secrecy.Watch(host.Services);
    }

    public SendVerification Send => host.Services.GetRequiredService<SendVerification>();

    public ResendVerification Resend => host.Services.GetRequiredService<ResendVerification>();

    public CloseVerification Close => host.Services.GetRequiredService<CloseVerification>();

    public AttachToOfficeSite Attach => host.Services.GetRequiredService<AttachToOfficeSite>();

    public IVerificationStore Store => host.Services.GetRequiredService<IVerificationStore>();

    public MaintenanceRun Maintenance => host.Services.GetRequiredService<MaintenanceRun>();

    public StaleReport Report => host.Services.GetRequiredService<StaleReport>();

    public IServiceProvider Services => host.Services;

    /// <param name="store">The store. The instance does not dispose it.</param>
    /// <param name="alibaba">The URL of the simulator.</param>
    /// <param name="time">The clock.</param>
    /// <param name="configure">Changes the services.</param>
    public static EdsInstance Start(
        IVerificationStore store, Uri alibaba, TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var secrecy = new SecrecyCheck();
        return new EdsInstance(
            AppServices.Build(AppServices.CreateSettings(alibaba), time, services =>
            {
                services.AddSingleton(store);
                secrecy.AddTo(services);
                configure?.Invoke(services);
            }),
            secrecy);
    }

    public void Dispose()
    {
        try
        {
            secrecy.Verify();
        }
        finally
        {
            secrecy.Dispose();
            host.Dispose();
        }
    }
}
