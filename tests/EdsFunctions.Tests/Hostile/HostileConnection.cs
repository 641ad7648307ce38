using System.Buffers.Text;
using System.Net.Sockets;

namespace EdsFunctions.Tests.Hostile;

/// <summary>
/// A client that sends whatever it is given and reads what comes back. It keeps its connection as long as the server does, and
/// allocates next to nothing, so that what is allocated meanwhile is the app's.
/// </summary>
internal sealed class HostileConnection(IPEndPoint server) : IDisposable
{
    private readonly List<HostileAnswer> answers = [];
    private byte[] buffer = new byte[64 * 1024];
    private int length;
    private Socket? socket;

    /// <summary>The answers to a request, good until the next; none where the server closed the connection instead.</summary>
    public async Task<IReadOnlyList<HostileAnswer>> AskAsync(HostileRequest request, CancellationToken cancellationToken)
    {
        if (request.IsOnItsOwn)
        {
            Drop();
        }

        answers.Clear();
        length = 0;
        try
        {
            socket ??= await ConnectAsync(cancellationToken);
            await SendAsync(request.Bytes, cancellationToken);
            if (request.Answered == HostileRequest.By.AnyoneAfterTheEnd)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            await ReadAsync(request.Answered, cancellationToken);
        }
        catch (SocketException)
        {
            // It was torn down; what was answered before that counts.
            Drop();
        }

        if (request.IsOnItsOwn)
        {
            Drop();
        }

        return answers;
    }

    public void Dispose() => Drop();

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        // Closed with a reset, it leaves no trace: so many connections would use up the ports.
        var made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            LingerState = new LingerOption(enable: true, seconds: 0),
        };
        await made.ConnectAsync(server, cancellationToken);
        return made;
    }

    private async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket!.SendAsync(bytes, SocketFlags.None, cancellationToken)..];
        }
    }

    /// <summary>Reads one answer, or, on a connection of its own, all until it ends.</summary>
    private async Task ReadAsync(HostileRequest.By answered, CancellationToken cancellationToken)
    {
        var (start, silent) = (0, answered == HostileRequest.By.AnyoneAfterTheEnd);
        while (true)
        {
            while (Parse(ref start, out var closes))
            {
                if (answers.Count > 0 && answered is (HostileRequest.By.App or HostileRequest.By.Either))
                {
                    if (closes)
                    {
                        Drop();
                    }

                    if (start < length)
                    {
                        throw new InvalidOperationException("There is more than one answer.");
                    }

                    return;
                }
            }

            if (answers.Count > 0 && !silent)
            {
                silent = true;
                socket!.Shutdown(SocketShutdown.Send);
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var read = await socket!.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, cancellationToken);
            if (read == 0)
            {
                Drop();
                return;
            }

            length += read;
        }
    }

    /// <summary>Takes one whole answer from the buffer, or an interim one, which does not count.</summary>
    private bool Parse(ref int start, out bool closes)
    {
        closes = false;
        var rest = buffer.AsSpan(start, length - start);
        var end = rest.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = rest[..(end + 2)];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
        {
            throw new InvalidOperationException($"That is not an answer: {System.Text.Encoding.Latin1.GetString(rest)}");
        }

        var bodyLength = 0;
        if (Header(head, "\r\nContent-Length: "u8) is { IsEmpty: false } text
            && !Utf8Parser.TryParse(text, out bodyLength, out _))
        {
            throw new InvalidOperationException("That is not a length.");
        }

        var whole = end + 4 + bodyLength;
        if (rest.Length < whole)
        {
            return false;
        }

        closes = Header(head, "\r\nConnection: "u8).SequenceEqual("close"u8);
        if (status >= 200)
        {
            var type = Header(head, "\r\nContent-Type: "u8);
            answers.Add(new HostileAnswer(
                status,
                type.SequenceEqual("application/problem+json; charset=utf-8"u8),
                !type.IsEmpty,
                buffer.AsMemory(start + end + 4, bodyLength)));
        }

        start += whole;
        return true;
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        var at = head.IndexOf(name);
        if (at < 0)
        {
            return [];
        }

        var value = head[(at + name.Length)..];
        return value[..value.IndexOf("\r\n"u8)];
    }

    private void Drop()
    {
        socket?.Dispose();
        socket = null;
    }
}
