namespace EdsFunctions.Core.Common;

/// <summary>
/// Reads JSON from Alibaba and the chat platforms: names are case-insensitive, and unknown fields and fields of an
/// unexpected type cause no error. Requests to our own API are parsed strictly instead.
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

    /// <summary>A property by its path; null if there is none.</summary>
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

    /// <summary>A string by its path; null for any other type.</summary>
    public static string? String(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.String } value ? WellFormed(() => value.GetString()) : null;

    /// <summary>A string by its path, or the JSON of any other type; null if there is none.</summary>
    /// <exception cref="InvalidOperationException">The string contains a lone surrogate.</exception>
    public static string? Text(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) switch
        {
            null or { ValueKind: JsonValueKind.Null } => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { } other => other.GetRawText(),
        };

    /// <summary>The items of an array by its path; none for any other type.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement parent, params ReadOnlySpan<string> path) =>
        parent.Property(path) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : [];

    /// <summary>An integer by its path; null for any other type.</summary>
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

    /// <summary>Null if the string contains a lone surrogate, which the JSON reader accepts.</summary>
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
