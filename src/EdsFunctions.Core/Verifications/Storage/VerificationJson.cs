namespace EdsFunctions.Core.Verifications.Storage;

/// <summary>
/// A verification as the stores keep it: JSON, so that a new field needs no new column. Writing and reading are apart, since what
/// reading needs to know of each type costs the process 30 ms the first time, and the first request only writes.
/// </summary>
internal static class VerificationJson
{
    public static string Write(Verification verification) =>
        JsonSerializer.Serialize(verification, VerificationWriter.Default.Verification);

    public static Verification Read(string json, string version)
    {
        try
        {
            return JsonSerializer.Deserialize(json, VerificationReader.Default.Verification) is { } verification
                ? verification with { Version = version }
                : throw new JsonException("A stored verification is null.");
        }
        catch (ArgumentException e)
        {
            throw new JsonException("A stored target is malformed.", e);
        }
    }
}

/// <summary>How one is written.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Serialization,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Verification))]
internal sealed partial class VerificationWriter : JsonSerializerContext;

/// <summary>How one is read.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Verification))]
internal sealed partial class VerificationReader : JsonSerializerContext;
