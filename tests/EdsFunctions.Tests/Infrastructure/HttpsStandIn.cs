using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// Every host there is, on HTTPS of loopback: a client whose handler is made here reaches it whatever the name, and keeps what was
/// asked of which host.
/// </summary>
internal sealed class HttpsStandIn : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Url, string Body)> received = new();
    private readonly Channel<string> arrivals = Channel.CreateUnbounded<string>();

    private HttpsStandIn(WebApplication app) => this.app = app;

    public IReadOnlyList<(string Url, string Body)> Received => [.. received];

    /// <summary>What it answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = context => context.Response.WriteAsync("ok");

    public static async Task<HttpsStandIn> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel =>
            kestrel.ConfigureHttpsDefaults(https => https.ServerCertificate = LoopbackCertificate.Certificate));
        builder.WebHost.UseUrls("https://127.0.0.1:0");
        var standIn = new HttpsStandIn(builder.Build());
        standIn.app.Run(standIn.ReceiveAsync);
        await standIn.app.StartAsync(TestContext.Current.CancellationToken);
        return standIn;
    }

    /// <summary>A handler for which all names lead here.</summary>
    public HttpMessageHandler CreateHandler() => new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                certificate?.GetCertHashString() == LoopbackCertificate.Certificate.GetCertHashString(),
        },
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync("127.0.0.1", new Uri(app.Urls.First()).Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    /// <summary>Waits for the next request.</summary>
    public Task NextAsync() => arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var url = $"{context.Request.Scheme}://{context.Request.Host}{context.Request.Path}{context.Request.QueryString}";
        received.Enqueue((url, await reader.ReadToEndAsync(context.RequestAborted)));
        await Answer(context);
        arrivals.Writer.TryWrite(url);
    }
}
