namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>An answer in JSON, read for a few fields of its object.</summary>
internal static class JsonAnswer
{
    /// <summary>A field of the object that the answer is; null where it is none, or has no such field.</summary>
    public static JsonElement? Field(ReadOnlySpan<byte> body, string name)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            using var document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var field)
                ? field.Clone()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A whole number of it; null for anything else.</summary>
    public static long? Number(ReadOnlySpan<byte> body, string name) =>
        Field(body, name) is { ValueKind: JsonValueKind.Number } field && field.TryGetInt64(out var number) ? number : null;
}
