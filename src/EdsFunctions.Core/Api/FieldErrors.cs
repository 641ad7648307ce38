namespace EdsFunctions.Core.Api;

/// <summary>What is wrong with a request, by field. The messages say what is right and repeat no value.</summary>
internal sealed class FieldErrors
{
    /// <summary>More does not help a caller who gets as many wrong.</summary>
    private const int MaxFields = 20;

    private readonly SortedDictionary<string, string[]> byField = new(StringComparer.Ordinal);

    public bool Any => byField.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByField => byField;

    /// <summary>All of them in one line, for people who read nothing else.</summary>
    public string Summary => string.Join("; ", byField.Select(error => $"{error.Key} {error.Value[0]}"));

    /// <summary>Adds an error, unless the field has one: what follows from the first helps nobody.</summary>
    public void Add(string field, string message)
    {
        if (byField.Count < MaxFields)
        {
            byField.TryAdd(field, [message]);
        }
    }

    /// <summary>Parses the text of a field.</summary>
    /// <returns>Null where there is no text, or where it is wrong.</returns>
    public T? Parse<T>(string field, string? text, Func<string, T?> parse, string message)
    {
        if (text is null)
        {
            return default;
        }

        var value = parse(text);
        if (value is null)
        {
            Add(field, message);
        }

        return value;
    }

    /// <exception cref="ProblemException">Something is wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ProblemException(Problems.InvalidRequest(this));
        }
    }
}
