using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// HTTP/1.1 on a bare socket of loopback, to see every request that a client sends, and to treat it as no web server would. The
/// script has a reply for each request; the last one goes for all that follow, so that a request sent too often is counted.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentQueue<RawHttpRequest> requests = new();
    private readonly Channel<RawHttpRequest> arrivals = Channel.CreateUnbounded<RawHttpRequest>();
    private readonly Channel<int> ends = Channel.CreateUnbounded<int>();
    private readonly ConcurrentQueue<RawHttpReply> script;
    private readonly Task accepting;

    private RawHttpServer(IEnumerable<RawHttpReply> replies)
    {
        script = new ConcurrentQueue<RawHttpReply>(replies);
        listener.Start();
        Url = new Uri($"http://{listener.LocalEndpoint}");
        accepting = AcceptAsync();
    }

    public Uri Url { get; }

    /// <summary>The whole requests so far; part of one does not count.</summary>
    public IReadOnlyList<RawHttpRequest> Requests => [.. requests];

    public static RawHttpServer Start(params RawHttpReply[] script) => new(script);

    /// <summary>The next request that has arrived whole; it waits for one where there is none.</summary>
    public Task<RawHttpRequest> NextAsync() =>
        arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    /// <summary>Waits until a connection has ended, by whichever side; by then the client can see it.</summary>
    public Task EndOfConnectionAsync() => ends.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().SoonAsync();

    public async ValueTask DisposeAsync()
    {
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
                await using var stream = new NetworkStream(socket, ownsSocket: false);
                while (await ReadAsync(stream, connection) is { } request)
                {
                    requests.Enqueue(request);
                    arrivals.Writer.TryWrite(request);
                    var reply = NextReply();
                    await stream.WriteAsync(Encoding.UTF8.GetBytes(reply.Text), stopping.Token);
                    if (reply.Then is not RawHttpReply.Ending.KeepOpen)
                    {
                        await EndAsync(socket, stream, reply.Then);
                        break;
                    }
                }
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // The client went away, or the test is over.
            }
        }

        ends.Writer.TryWrite(connection);
    }

    private RawHttpReply NextReply()
    {
        lock (script)
        {
            return (script.Count > 1 ? script.TryDequeue(out var reply) : script.TryPeek(out reply))
                ? reply!
                : throw new InvalidOperationException("A server without a script.");
        }
    }

    private async Task EndAsync(Socket socket, NetworkStream stream, RawHttpReply.Ending ending)
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
    private async Task<RawHttpRequest?> ReadAsync(NetworkStream stream, int connection)
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
