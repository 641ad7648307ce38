using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>What a macro run measured, of this process alone: one line of JSON, the last one that it prints.</summary>
internal sealed record MacroResult(
    double OperationsPerSecond,
    double P50Ms,
    double P99Ms,
    double CpuMicrosecondsPerOperation,
    double AllocatedBytesPerOperation,
    double PeakMemoryMiB)
{
    public string ToJson() => JsonSerializer.Serialize(this, MacroJson.Default.MacroResult);

    /// <exception cref="JsonException">It is not such a line.</exception>
    public static MacroResult OfJson(string line) =>
        JsonSerializer.Deserialize(line, MacroJson.Default.MacroResult) ?? throw new JsonException("It is null.");
}

[JsonSerializable(typeof(MacroResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MacroJson : JsonSerializerContext;
