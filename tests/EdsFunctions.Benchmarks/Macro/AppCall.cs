using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>
/// A whole <c>POST verifications</c>, each for a CEN of its own, so that each is a new verification. Written to the socket and read from it as
/// bytes: what drives must not take the processor from what it measures, and an HTTP client takes 40 µs for each request.
/// </summary>
internal sealed class AppCall : IMacroCall
{
    private const int MaxAnswer = 16 * 1024;

    /// <summary>Two runs against one app must not ask for the same.</summary>
    private readonly string run = Guid.NewGuid().ToString("N")[..12];

    private readonly Uri baseUrl;
    private readonly string head;
    private readonly ConcurrentBag<Connection> idle = [];

    /// <param name="baseUrl">Plain HTTP.</param>
    public AppCall(Uri baseUrl)
    {
        if (baseUrl.Scheme != Uri.UriSchemeHttp)
        {
            throw new InvalidOperationException("Only plain HTTP is measured.");
        }

        this.baseUrl = baseUrl;
        head = $"POST /api/verifications HTTP/1.1\r\nHost: {baseUrl.Authority}\r\nContent-Type: application/json\r\nContent-Length: ";
    }

    public async Task CallAsync(int number)
    {
        var body = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"regionId":"cn-hangzhou","cenId":"cen-{{run}}{{number}}","cenOwnerId":1234567890123456,"requestedBy":"benchmark"}""");
        if (!idle.TryTake(out var connection))
        {
            connection = await Connection.OpenAsync(baseUrl);
        }

        var answer = await connection.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{head}{body.Length}\r\n\r\n{body}"));
        if (!answer.StartsWith("HTTP/1.1 201 ", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"A request was answered {answer.Split('\r')[0]}.");
        }

        idle.Add(connection);
    }

    public void Dispose()
    {
        foreach (var connection in idle)
        {
            connection.Dispose();
        }
    }

    private sealed class Connection : IDisposable
    {
        private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        private readonly byte[] buffer = new byte[MaxAnswer];

        public static async Task<Connection> OpenAsync(Uri url)
        {
            var connection = new Connection();
            await connection.socket.ConnectAsync(url.Host, url.Port);
            return connection;
        }

        /// <summary>Sends a request in ASCII.</summary>
        /// <returns>The whole answer, one that says its length.</returns>
        public async Task<string> AskAsync(string request)
        {
            await socket.SendAsync(buffer.AsMemory(0, Encoding.ASCII.GetBytes(request, buffer)));
            var length = 0;
            while (await socket.ReceiveAsync(buffer.AsMemory(length)) is > 0 and var read)
            {
                length += read;
                if (IsWhole(buffer.AsSpan(0, length)))
                {
                    return Encoding.UTF8.GetString(buffer, 0, length);
                }
            }

            throw new InvalidOperationException("An answer broke off, or does not say its length.");
        }

        public void Dispose() => socket.Dispose();

        private static bool IsWhole(ReadOnlySpan<byte> answer)
        {
            var headLength = answer.IndexOf("\r\n\r\n"u8);
            var at = headLength < 0 ? -1 : answer[..headLength].IndexOf("\r\nContent-Length: "u8);
            return at >= 0
                && System.Buffers.Text.Utf8Parser.TryParse(answer[(at + "\r\nContent-Length: ".Length)..], out int bodyLength, out _)
                && answer.Length == headLength + 4 + bodyLength;
        }
    }
}
