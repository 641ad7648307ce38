namespace EdsFunctions.EcdSimulator;

/// <summary>Every request that reached the gateway's path, refused and faulted ones included; the last 100,000 of them.</summary>
public sealed class RequestLog
{
    private readonly Recent<LoggedRequest> items = new(100_000);

    /// <summary>A snapshot, oldest first. A request is in it before its answer is on the wire.</summary>
    public IReadOnlyList<LoggedRequest> Items => items.Snapshot();

    internal void Add(LoggedRequest request) => items.Add(request);
}
