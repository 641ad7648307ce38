namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Reads JSON that Alibaba and the chat platforms send: names in any case, and nothing fails over a field that is unknown or of
/// another type than documented. Requests to our own API are read strictly instead.
/// </summary>
internal static class LenientJson
{
    private const int MaxDepth = 32;

    /// <returns>Null for text that is not a JSON object.</returns>
    public static JsonElement? ParseObject(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } root && !reader.Read() ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A property by its path; null where there is none.</summary>
    public static JsonElement? Property(this JsonElement parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (Child(parent, name) is not { } child)
            {
                return null;
            }

            parent = child;
        }

        return parent;
    }

    /// <summary>A string by its path; null for anything else.</summary>
    public static string? String(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.String } value ? WellFormed(() => value.GetString()) : null;

    /// <summary>A string by its path, or the JSON of anything else; null where there is none.</summary>
    /// <exception cref="InvalidOperationException">
    /// The string has an escape of half a surrogate pair: a response that we rely on is then malformed as a whole.
    /// </exception>
    public static string? Text(this JsonElement parent, params ReadOnlySpan<string> path) => parent.Property(path) switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    /// <summary>The items of an array by its path; none for anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>A whole number by its path; null for anything else.</summary>
    public static long? Number(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    private static JsonElement? Child(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object
        ? parent.EnumerateObject()
            .Where(property => string.Equals(WellFormed(() => property.Name), name, StringComparison.OrdinalIgnoreCase))
            .Select(property => (JsonElement?)property.Value)
            .FirstOrDefault()
        : null;

    /// <summary>Null for text with an escape of half a surrogate pair, which the JSON reader accepts.</summary>
    internal static string? WellFormed(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
