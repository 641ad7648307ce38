using System.Net.Sockets;

namespace EdsFunctions.Tests.Infrastructure;

/// <summary>A port that refuses every connection: it is taken, so that nobody else can listen on it, and nobody does.</summary>
internal sealed class DeafPort : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeafPort()
    {
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Url = new Uri($"http://{socket.LocalEndPoint}");
    }

    public Uri Url { get; }

    public void Dispose() => socket.Dispose();
}
