using System.Collections.Concurrent;
using System.Net.Security;
using System.Threading.Channels;
using Azure.Core.Pipeline;
using Azure.Security.KeyVault.Secrets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// An Azure Key Vault on HTTPS of loopback: it asks for a token first, as the real one does, and then for each read of a secret
/// it does what <see cref="Reply"/> says at that moment. Its clients are real ones, with shorter waits between their attempts.
/// </summary>
internal sealed class KeyVaultStandIn : IAsyncDisposable
{
    private const string Challenge =
        "Bearer authorization=\"https://login.microsoftonline.com/00000000-0000-0000-0000-000000000001\", "
        + "resource=\"https://vault.azure.net\"";

    private readonly WebApplication app;
    private readonly Channel<string> arrivals = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> reads = new();
    private readonly SocketsHttpHandler handler = new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == LoopbackCertificate.Certificate.GetCertHashString(),
        },
    };

    private KeyVaultStandIn(WebApplication app, VaultReply reply)
    {
        this.app = app;
        Reply = reply;
    }

    /// <summary>How it answers from now on.</summary>
    public VaultReply Reply { get; set; }

    /// <summary>The reads with a token so far, as the names of the secrets.</summary>
    public IReadOnlyList<string> Reads => [.. reads];

    /// <summary>Where it is, as the configuration says it; the port is the system's choice.</summary>
    public Uri Url => new(app.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal));

    public static async Task<KeyVaultStandIn> StartAsync(VaultReply reply)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = LoopbackCertificate.Certificate));
        builder.WebHost.UseUrls("https://127.0.0.1:0");
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        var app = builder.Build();
        var vault = new KeyVaultStandIn(app, reply);
        app.Run(vault.AnswerAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return vault;
    }

    /// <summary>Waits until the next read has arrived, and before it is answered.</summary>
    public Task NextReadAsync() => arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>A client with the options of the app, but for the waits, and with trust in this server alone.</summary>
    public SecretClient Client()
    {
        var options = VaultClients.Options();
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        options.Retry.MaxDelay = TimeSpan.FromMilliseconds(5);
        // The clock of the test decides when a read takes too long, not a machine that is busy.
        options.Retry.NetworkTimeout = TimeSpan.FromMinutes(1);
        options.Transport = new HttpClientTransport(handler);
        options.DisableChallengeResourceVerification = true;
        return new SecretClient(Url, new StaticToken(), options);
    }

    /// <summary>From now on nobody is at the address.</summary>
    public Task GoAwayAsync() => app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        handler.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {StaticToken.Value}")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = Challenge;
            return;
        }

        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (context.Request.Method != "GET"
            || path is not ["secrets", var name]
            || !context.Request.Query.ContainsKey("api-version"))
        {
            context.Response.StatusCode = 405;
            return;
        }

        var reply = Reply;
        reads.Enqueue(name);
        arrivals.Writer.TryWrite(name);
        try
        {
            await reply.WriteAsync(context, app.Lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
        }
    }
}
