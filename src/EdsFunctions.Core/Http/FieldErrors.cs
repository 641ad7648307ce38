namespace EdsFunctions.Core.Http;

/// <summary>What is wrong with a request, by field. The messages say what is right and do not repeat what came.</summary>
internal sealed class FieldErrors
{
    /// <summary>Whoever gets as many wrong is not helped by more.</summary>
    private const int MaxFields = 20;

    /// <summary>Null while nothing is wrong, as mostly: it is compiled when it is first used.</summary>
    private SortedDictionary<string, string[]>? byField;

    public bool Any => byField is { Count: > 0 };

    public IReadOnlyDictionary<string, string[]> ByField => byField ??= new(StringComparer.Ordinal);

    /// <summary>All of them in one line, for people who read nothing else.</summary>
    public string Summary => string.Join("; ", ByField.Select(error => $"{error.Key} {error.Value[0]}"));

    /// <summary>The first thing that is wrong with a field stands: what follows from it helps nobody.</summary>
    public void Add(string field, string message)
    {
        byField ??= new(StringComparer.Ordinal);
        if (byField.Count < MaxFields)
        {
            byField.TryAdd(field, [message]);
        }
    }
}
