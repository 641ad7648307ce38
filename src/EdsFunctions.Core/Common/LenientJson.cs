namespace EdsFunctions.Core.Common;

/// <summary>
/// Reads JSON from Alibaba and the chat platforms. Names are case-insensitive, and unknown fields and fields of an
/// unexpected type cause no error. The app parses requests to its own HTTP API strictly instead.
/// </summary>
internal static class LenientJson
{
    private const int MaxDepth = 32;

    /// <returns>Null if the text is not a JSON object.</returns>
    public static JsonElement? ParseObject(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            return JsonElement.ParseValue(ref reader) is { ValueKind: JsonValueKind.Object } root && !reader.Read()
                ? root
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Finds a property by its path; null if there is none.</summary>
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

    /// <summary>Finds a string by its path; null if there is none, or if the value is not a string.</summary>
    public static string? String(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.String } value ? WellFormed(() => value.GetString()) : null;

    /// <summary>
    /// Finds a value by its path: the text of a string, or the JSON of any other type. Null if there is no value.
    /// </summary>
    /// <exception cref="InvalidOperationException">The string contains a lone surrogate.</exception>
    public static string? Text(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { } other => other.GetRawText(),
        };

    /// <summary>Finds the items of an array by its path; no items if the value is not an array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>Finds an integer by its path; null if there is none, or if the value is not an integer.</summary>
    public static long? Number(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number)
            ? number
            : null;

    private static JsonElement? Child(JsonElement parent, string name) => parent.ValueKind == JsonValueKind.Object
        ? parent.EnumerateObject()
            .Where(property => string.Equals(WellFormed(() => property.Name), name, StringComparison.OrdinalIgnoreCase))
            .Select(property => (JsonElement?)property.Value)
            .FirstOrDefault()
        : null;

    /// <summary>
    /// Reads a string; null if it contains a lone surrogate. The JSON reader accepts one, and throws only when the
    /// string is read.
    /// </summary>
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
