using System.Net;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An empty body that can leave once. The HTTP handler asks for the body after it has put the headers into its buffer and before
/// it flushes them, so that a request whose body was never asked for has not left whole; and a handler that would replay the
/// request on another connection has to ask for the body again, and gets none.
/// </summary>
internal sealed class SingleUseContent : HttpContent
{
    private int asked;

    /// <summary>Whether the request may have left.</summary>
    public bool MayHaveLeft => Volatile.Read(ref asked) != 0;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        Interlocked.Exchange(ref asked, 1) == 0
            ? Task.CompletedTask
            : throw new InvalidOperationException("This request left once already; it is not sent again.");

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
