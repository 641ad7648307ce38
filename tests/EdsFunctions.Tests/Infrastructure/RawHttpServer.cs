using System.Collections.Concurrent;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// HTTP/1.1 on a socket of loopback: records every request that a client sends, and can end a connection as no web
/// server would.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<RawHttpRequest> requests = new();
    private readonly Channel<RawHttpRequest> arrivals = Channel.CreateUnbounded<RawHttpRequest>();
    private readonly Func<RawHttpRequest, Task<RawHttpReply>> respond;
    private readonly X509Certificate2? certificate;
    private readonly Task accepting;

    private RawHttpServer(Func<RawHttpRequest, Task<RawHttpReply>> respond, X509Certificate2? certificate = null)
    {
        this.respond = respond;
        this.certificate = certificate;
        listener.Start();
        Url = new Uri($"{(certificate is null ? "http" : "https")}://{listener.LocalEndpoint}");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>The whole requests so far; part of one does not count.</summary>
    public IReadOnlyList<RawHttpRequest> Requests => [.. requests];

    /// <param name="script">A reply for each request; the last one repeats, so that a request sent too often is
    /// recorded.</param>
    public static RawHttpServer Start(params RawHttpReply[] script)
    {
        var next = -1;
        return Start(_ => Task.FromResult(script[Math.Min(Interlocked.Increment(ref next), script.Length - 1)]));
    }

    public static RawHttpServer Start(Func<RawHttpRequest, Task<RawHttpReply>> respond) => new(respond);

    /// <summary>Starts a server on HTTPS with a certificate that no client trusts.</summary>
    public static RawHttpServer StartUntrusted() =>
        new(_ => Task.FromResult(RawHttpReply.Closes), LoopbackCertificate.Certificate);

    /// <summary>The next request that has arrived whole; it waits for one where there is none.</summary>
    public Task<RawHttpRequest> NextAsync() =>
        arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>Stops listening; connections are refused from then on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (stopping.IsCancellationRequested)
        {
            return;
        }

        await stopping.CancelAsync();
        await accepting;
        listener.Dispose();
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(stopping.Token);
                conversations.Add(ServeAsync(socket, conversations.Count + 1));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(conversations);
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        using (socket)
        {
            try
            {
                await using var stream = await OpenAsync(socket);
                while (await ReadAsync(stream, connection) is { } request)
                {
                    requests.Enqueue(request);
                    arrivals.Writer.TryWrite(request);
                    var reply = await respond(request).WaitAsync(stopping.Token);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Text), stopping.Token);
                    if (reply.Then is not RawHttpReply.Ending.KeepOpen)
                    {
                        await EndAsync(socket, stream, reply.Then);
                        break;
                    }
                }
            }
            catch (Exception e) when (
                e is IOException or SocketException or AuthenticationException or OperationCanceledException)
            {
                // The client went away, or the test is over.
            }
        }
    }

    private async Task<Stream> OpenAsync(Socket socket)
    {
        var stream = new NetworkStream(socket, ownsSocket: false);
        if (certificate is null)
        {
            return stream;
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(certificate);
        return secure;
    }

    private async Task EndAsync(Socket socket, Stream stream, RawHttpReply.Ending ending)
    {
        switch (ending)
        {
            case RawHttpReply.Ending.Close:
                socket.Shutdown(SocketShutdown.Both);
                break;
            case RawHttpReply.Ending.Reset:
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                break;
            case RawHttpReply.Ending.Hang:
                await stream.ReadExactlyAsync(new byte[1], stopping.Token);
                break;
        }
    }

    /// <summary>A request, or null where the client ended the connection first.</summary>
    private async Task<RawHttpRequest?> ReadAsync(Stream stream, int connection)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!EndsWithBlankLine(head))
        {
            // Byte by byte: nothing of the next request may be taken.
            if (await stream.ReadAsync(one, stopping.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var request = new RawHttpRequest(connection, lines[0], [.. lines.Skip(1).Select(Header)], "");
        var body = new byte[int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stopping.Token);
        return request with { Body = Encoding.UTF8.GetString(body) };
    }

    private static bool EndsWithBlankLine(StringBuilder head) =>
        head.Length >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r';

    private static KeyValuePair<string, string> Header(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim());
    }
}
