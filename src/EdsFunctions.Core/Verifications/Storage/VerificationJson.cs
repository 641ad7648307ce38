namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>A verification as the stores keep it: JSON, so that a new field needs no new column.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Verification))]
internal sealed partial class VerificationJson : JsonSerializerContext
{
    public static string Write(Verification verification) => JsonSerializer.Serialize(verification, Default.Verification);

    public static Verification Read(string json, string version)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.Verification) is { } verification
                ? verification with { Version = version }
                : throw new JsonException("A stored verification is null.");
        }
        catch (ArgumentException e)
        {
            throw new JsonException("A stored target is malformed.", e);
        }
    }
}
