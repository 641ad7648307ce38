using System.Diagnostics;
using System.Globalization;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// Runs the client and the bare call in turns, five times, so that both meet the same disturbances; each in a process of
/// its own, so that neither has the other's compiled code or heap.
/// </summary>
internal static class CompareRun
{
    private const int Turns = 5;

    public static async Task RunAsync(string[] args)
    {
        var results = new List<(CallResult Client, CallResult Bare)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            results.Add((await RunProcessAsync("client", args), await RunProcessAsync("bare", args)));
        }

        Print("CPU per call, µs", result => result.CpuMicrosecondsPerCall, results);
        Print("allocated per call, bytes", result => result.AllocatedBytesPerCall, results);
        Print("calls per second", result => result.CallsPerSecond, results);
    }

    private static async Task<CallResult> RunProcessAsync(string command, string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CompareRun).Assembly.Location, command, .. args])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}.");
        }

        Console.WriteLine($"{command,-7}{output.Trim()}");
        return CallResult.Parse(output);
    }

    private static void Print(
        string title, Func<CallResult, double> value, List<(CallResult Client, CallResult Bare)> results)
    {
        var client = Median(results.Select(pair => value(pair.Client)));
        var bare = Median(results.Select(pair => value(pair.Bare)));
        var ratios = results.Select(pair => value(pair.Client) / value(pair.Bare)).ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{title}: client {client:0.#}, bare {bare:0.#}, "
            + $"ratio {Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);
}
