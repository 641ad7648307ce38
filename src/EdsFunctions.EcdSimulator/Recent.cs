namespace EdsFunctions.EcdSimulator;

/// <summary>The last so many things, oldest first; safe to use from many threads.</summary>
internal sealed class Recent<T>(int capacity)
{
    private readonly Lock gate = new();
    private readonly Queue<T> items = new();

    public void Add(T item)
    {
        lock (gate)
        {
            if (items.Count == capacity)
                items.Dequeue();
            items.Enqueue(item);
        }
    }

    public IReadOnlyList<T> Snapshot()
    {
        lock (gate)
            return [.. items];
    }

    public void Clear()
    {
        lock (gate)
            items.Clear();
    }
}
