using System.Text.Json;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// What a <see cref="CallRun"/> measured of its own process: CPU time is that of all cores together, memory the largest
/// working set.
/// </summary>
internal sealed record CallResult(
    double CallsPerSecond,
    double P50Ms,
    double P99Ms,
    double CpuMicrosecondsPerCall,
    double AllocatedBytesPerCall,
    double PeakMemoryMiB)
{
    public string ToJson() => JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    public static CallResult Parse(string json) =>
        JsonSerializer.Deserialize<CallResult>(json, JsonSerializerOptions.Web)!;
}
