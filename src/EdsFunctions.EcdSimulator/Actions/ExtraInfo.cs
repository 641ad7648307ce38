using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>SendVerifyCode's JSON in a string: <c>{"cenOwnerId":1234567890123456,"cenId":"cen-…"}</c>.</summary>
/// <param name="CenId">Names are case-sensitive: <c>cenId</c>, as the page's example has it.</param>
/// <param name="CenOwnerId">A bare number; absent where the caller owns the CEN.</param>
internal sealed record ExtraInfo(string CenId, long? CenOwnerId)
{
    /// <exception cref="EcdRefusal">Anything else than the above.</exception>
    public static ExtraInfo Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
                throw EcdRefusal.Invalid("ExtraInfo", "it must be a JSON object");
            return new ExtraInfo(CenIdOf(json.RootElement), CenOwnerIdOf(json.RootElement));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw EcdRefusal.Invalid("ExtraInfo", "it must be JSON");
        }
    }

    private static string CenIdOf(JsonElement json) =>
        json.TryGetProperty("cenId", out var value)
        && value.ValueKind == JsonValueKind.String
        && CenIdShape.Matches(value.GetString()!)
            ? value.GetString()!
            : throw EcdRefusal.Invalid("ExtraInfo", $"cenId must be a string like {CenIdShape.Example}");

    private static long? CenOwnerIdOf(JsonElement json)
    {
        if (!json.TryGetProperty("cenOwnerId", out var value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var id) && id > 0
            ? id
            : throw EcdRefusal.Invalid("ExtraInfo", "cenOwnerId must be a number like 1234567890123456");
    }
}
