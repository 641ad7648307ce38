namespace EdsFunctions.Core.Api;

/// <summary>The validation errors of a request by field. The messages repeat no value of the request.</summary>
internal sealed class FieldErrors
{
    /// <summary>
    /// The maximum number of fields in an error response. The caller chooses the names of unknown fields, and could
    /// send many.
    /// </summary>
    private const int MaxFields = 20;

    private readonly SortedDictionary<string, string[]> byField = new(StringComparer.Ordinal);

    public bool Any => byField.Count > 0;

    public IReadOnlyDictionary<string, string[]> ByField => byField;

    /// <summary>All errors in one line.</summary>
    public string Summary => string.Join("; ", byField.Select(error => $"{error.Key} {error.Value[0]}"));

    /// <summary>
    /// Adds an error, unless the field already has one: later errors are often consequences of the first.
    /// </summary>
    public void Add(string field, string message)
    {
        if (byField.Count < MaxFields)
        {
            byField.TryAdd(field, [message]);
        }
    }

    /// <summary>Parses the text of a field.</summary>
    /// <returns>Null if there is no text, or if it is invalid.</returns>
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

    /// <exception cref="ProblemException">There is an error.</exception>
    public void ThrowIfAny()
    {
        if (Any)
        {
            throw new ProblemException(Problems.InvalidRequest(this));
        }
    }
}
