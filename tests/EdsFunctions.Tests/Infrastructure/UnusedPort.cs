using System.Net.Sockets;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>
/// A port that refuses connections. The port is bound, but not listened on, so that no other process can listen on it.
/// </summary>
internal sealed class UnusedPort : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public UnusedPort()
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = new Uri($"http://{socket.LocalEndPoint}");
    }

    public Uri Url { get; }

    public void Dispose() => socket.Dispose();
}
