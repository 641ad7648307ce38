using System.Collections.Concurrent;

namespace EdsFunctions.EcdSimulator;

/// <summary>One request as it came over the wire, and its outcome. What a request lacks is null.</summary>
/// <param name="Action">The <c>x-acs-action</c> header.</param>
/// <param name="Method">As sent: <c>POST</c>.</param>
/// <param name="Target">Exactly as sent: <c>/?RegionId=cn-hangzhou&amp;…</c>.</param>
/// <param name="CenId">The CEN it names, if that can be read.</param>
/// <param name="Nonce">The <c>x-acs-signature-nonce</c> header.</param>
/// <param name="Date">The <c>x-acs-date</c> header, unparsed.</param>
/// <param name="ReceivedAt">By the simulator's clock.</param>
/// <param name="RequestId">As in the response, even if that was not sent.</param>
/// <param name="Outcome">
/// <c>OK</c>, the error code of the response, or the fault that replaced it, such as <c>hang</c>.
/// </param>
/// <param name="Headers">Names in any case. Not served over HTTP: a security token is among them.</param>
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

    /// <summary>A snapshot, oldest first.</summary>
    public IReadOnlyList<T> Items => items.ToArray();

    public void Clear() => items.Clear();

    internal void Add(T item)
    {
        items.Enqueue(item);
        while (items.Count > capacity)
            items.TryDequeue(out _);
    }
}
