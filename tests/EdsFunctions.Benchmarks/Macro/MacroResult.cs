using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>What a macro run measured, of one process alone: one line of JSON, the last one that it prints.</summary>
/// <param name="OperationsPerSecond">How many ended in a second.</param>
/// <param name="P50Ms">Half of them took no longer.</param>
/// <param name="P99Ms">Nearly all of them took no longer.</param>
/// <param name="CpuMicrosecondsPerOperation">Processor time, of all cores together.</param>
/// <param name="AllocatedBytesPerOperation">Null where the process is another one, which does not say it.</param>
/// <param name="PeakMemoryMiB">The most that the process held of the machine's memory.</param>
internal sealed record MacroResult(
    double OperationsPerSecond,
    double P50Ms,
    double P99Ms,
    double CpuMicrosecondsPerOperation,
    double? AllocatedBytesPerOperation,
    double PeakMemoryMiB)
{
    public string ToJson() => JsonSerializer.Serialize(this, MacroJson.Default.MacroResult);

    /// <exception cref="JsonException">It is not such a line.</exception>
    public static MacroResult OfJson(string line) =>
        JsonSerializer.Deserialize(line, MacroJson.Default.MacroResult) ?? throw new JsonException("It is null.");
}

[JsonSerializable(typeof(MacroResult))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class MacroJson : JsonSerializerContext;
