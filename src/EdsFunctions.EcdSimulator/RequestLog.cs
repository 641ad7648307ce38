using System.Collections.Concurrent;

namespace EdsFunctions.EcdSimulator;

/// <summary>A request as the simulator received it, and its outcome. A header that is missing is null.</summary>
/// <param name="Action">The <c>x-acs-action</c> header.</param>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Target">Path and query as received: <c>/?RegionId=cn-hangzhou&amp;…</c>.</param>
/// <param name="CenId">The CEN in the parameters; null if it is missing or malformed.</param>
/// <param name="Nonce">The <c>x-acs-signature-nonce</c> header.</param>
/// <param name="Date">The <c>x-acs-date</c> header.</param>
/// <param name="ReceivedAt">By the simulator's clock.</param>
/// <param name="RequestId">The request id for the response, even if a fault prevented the response.</param>
/// <param name="Outcome">
/// <c>OK</c>, the error code of the response, or the fault that replaced it, such as <c>hang</c>.
/// </param>
/// <param name="Headers">
/// All headers, with case-insensitive names. The simulator does not show them over HTTP, because they include the
/// security token.
/// </param>
public sealed record LoggedRequest(
    string? Action,
    string Method,
    string Target,
    string? CenId,
    string? Nonce,
    string? Date,
    DateTimeOffset ReceivedAt,
    string RequestId,
    string Outcome,
    [property: JsonIgnore] IReadOnlyDictionary<string, string> Headers);

/// <summary>Keeps the most recent items; thread-safe.</summary>
public sealed class RecentItems<T>
{
    private readonly int capacity;
    private readonly ConcurrentQueue<T> items = new();

    internal RecentItems(int capacity = 100_000) => this.capacity = capacity;

    /// <summary>A snapshot of the items, oldest first.</summary>
    public IReadOnlyList<T> Items => items.ToArray();

    public void Clear() => items.Clear();

    internal void Add(T item)
    {
        items.Enqueue(item);
        while (items.Count > capacity)
            items.TryDequeue(out _);
    }
}
