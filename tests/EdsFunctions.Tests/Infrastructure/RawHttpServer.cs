using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// An HTTP/1.1 server on loopback that records requests, and can close, reset or hang connections.
/// </summary>
internal sealed class RawHttpServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<RawHttpRequest> requests = new();
    private readonly Channel<RawHttpRequest> arrivals = Channel.CreateUnbounded<RawHttpRequest>();
    private readonly Func<RawHttpRequest, Task<RawHttpReply>> respond;
    private readonly WebApplication server;
    private int connections;

    private RawHttpServer(Func<RawHttpRequest, Task<RawHttpReply>> respond, bool https = false)
    {
        this.respond = respond;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                if (https)
                {
                    endpoint.UseHttps(LoopbackCertificate.Certificate);
                }

                endpoint.Run(ServeAsync);
            }));
        server = builder.Build();
        server.Start();
        Url = new Uri(server.Urls.First());
    }

    public Uri Url { get; }

    /// <summary>The complete requests that the server has received.</summary>
    public IReadOnlyList<RawHttpRequest> Requests => [.. requests];

    /// <param name="script">The replies, one for each request. The server repeats the last reply.</param>
    public static RawHttpServer Start(params RawHttpReply[] script)
    {
        var next = -1;
        return Start(_ => Task.FromResult(script[Math.Min(Interlocked.Increment(ref next), script.Length - 1)]));
    }

    public static RawHttpServer Start(Func<RawHttpRequest, Task<RawHttpReply>> respond) => new(respond);

    /// <summary>Starts a server on HTTPS with a certificate that no client trusts.</summary>
    public static RawHttpServer StartUntrusted() => new(_ => Task.FromResult(RawHttpReply.Closes), https: true);

    /// <summary>Waits for the next complete request.</summary>
    public Task<RawHttpRequest> NextAsync() =>
        arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WithTimeoutAsync();

    /// <summary>Stops the server and aborts open connections.</summary>
    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task ServeAsync(ConnectionContext connection)
    {
        var number = Interlocked.Increment(ref connections);
        var closed = connection.ConnectionClosed;
        try
        {
            var input = connection.Transport.Input.AsStream();
            while (await ReadAsync(input, number, closed) is { } request)
            {
                requests.Enqueue(request);
                arrivals.Writer.TryWrite(request);
                var reply = await respond(request).WaitAsync(closed);
                await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(reply.Text), closed);
                switch (reply.Then)
                {
                    case RawHttpReply.ConnectionAction.Close:
                        return;
                    case RawHttpReply.ConnectionAction.Reset:
                        connection.Abort();
                        return;
                    case RawHttpReply.ConnectionAction.Hang:
                        await input.ReadExactlyAsync(new byte[1], closed);
                        return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client disconnected, or the test has ended.
        }
    }

    /// <summary>Reads a request; null if the client closes the connection first.</summary>
    private static async Task<RawHttpRequest?> ReadAsync(
        Stream stream, int connection, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var next = new byte[1];
        while (!EndsWithBlankLine(head))
        {
            // Read byte by byte, so that no byte of the next request is consumed.
            if (await stream.ReadAsync(next, cancellationToken) == 0)
            {
                return null;
            }

            head.Append((char)next[0]);
        }

        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var request = new RawHttpRequest(connection, lines[0], [.. lines.Skip(1).Select(Header)], "");
        var body = new byte[int.Parse(request.Header("Content-Length") ?? "0", CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, cancellationToken);
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
