namespace EdsFunctions.Core.Alibaba;

/// <summary>Reads what Alibaba answers: names in any case, and nothing fails over a field that is of another type than documented.</summary>
internal static class EcdJson
{
    public static JsonElement? Property(JsonElement parent, string name)
    {
        if (parent.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in parent.EnumerateObject())
            {
                if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return property.Value;
                }
            }
        }

        return null;
    }

    /// <summary>A text; of anything else its JSON.</summary>
    public static string? Text(JsonElement? element) => element switch
    {
        null or { ValueKind: JsonValueKind.Null } => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { } other => other.GetRawText(),
    };

    /// <summary>The text of a property.</summary>
    public static string? Text(JsonElement parent, string name) => Text(Property(parent, name));

    /// <summary>The items of a property that is a list; none where it is not.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        Property(parent, name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
}
