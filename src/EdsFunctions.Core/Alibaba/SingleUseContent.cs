using System.Net;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An empty request body that can be serialized only once. The HTTP handler serializes the body before it sends the
/// headers, so a request whose body was not serialized was not sent completely. If the handler retries the request on
/// another connection, it has to serialize the body again, which fails.
/// </summary>
internal sealed class SingleUseContent : HttpContent
{
    private int serialized;

    /// <summary>Whether the request may have been sent.</summary>
    public bool MayHaveBeenSent => Volatile.Read(ref serialized) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Interlocked.Exchange(ref serialized, 1) == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException("Blocked: the HTTP handler tried to send the request a second time.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
