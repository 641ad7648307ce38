namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// A target as it is stored: <c>{"regionId":"cn-hangzhou","cenId":"cen-…","cenOwnerId":{"value":1234567890123456}}</c>, without what it
/// does not have. By hand, since an optional number that is a type of its own makes the library compile 60 methods when the first request is
/// there.
/// </summary>
internal sealed class CenTargetJson : JsonConverter<CenTarget>
{
    private const string RegionId = "regionId";
    private const string CenId = "cenId";
    private const string CenOwnerId = "cenOwnerId";
    private const string Value = "value";

    /// <inheritdoc/>
    /// <exception cref="JsonException">It is not such an object.</exception>
    public override CenTarget Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var json = JsonDocument.ParseValue(ref reader);
        var target = json.RootElement;
        try
        {
            return new CenTarget(
                target.GetProperty(RegionId).GetString() ?? "",
                Optional(target, CenId)?.GetString(),
                Optional(target, CenOwnerId) is { } owner ? new AccountId(owner.GetProperty(Value).GetInt64()) : null);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new JsonException("A target is malformed.", e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CenTarget value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString(RegionId, value.RegionId);
        if (value.CenId is { } cenId)
        {
            writer.WriteString(CenId, cenId);
        }

        if (value.CenOwnerId is { } owner)
        {
            writer.WriteStartObject(CenOwnerId);
            writer.WriteNumber(Value, owner.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static JsonElement? Optional(JsonElement target, string name) =>
        target.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
