namespace EdsFunctions.EcdSimulator;

/// <summary>The last so many things, oldest first; safe to use from many threads.</summary>
internal sealed class Recent<T>(int capacity)
{
    private readonly Lock _lock = new();
    private readonly Queue<T> _items = new();

    public void Add(T item)
    {
        lock (_lock)
        {
            if (_items.Count == capacity)
                _items.Dequeue();
            _items.Enqueue(item);
        }
    }

    public IReadOnlyList<T> Snapshot()
    {
        lock (_lock)
            return [.. _items];
    }

    public void Clear()
    {
        lock (_lock)
            _items.Clear();
    }
}
