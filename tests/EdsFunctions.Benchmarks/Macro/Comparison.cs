using System.Diagnostics;
using System.Globalization;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>The client and the floor in turns, five times, each in a process of its own, so that neither has the other's warm code or heap.</summary>
internal static class Comparison
{
    private const int Turns = 5;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (MacroOptions.Parse(args) is null)
        {
            await Console.Error.WriteLineAsync(MacroOptions.Usage);
            return 2;
        }

        var results = new List<(MacroResult Client, MacroResult Floor)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            if (await RunOneAsync("send", args) is not { } client || await RunOneAsync("floor", args) is not { } floor)
            {
                return 1;
            }

            results.Add((client, floor));
        }

        Print("CPU per operation", "µs", result => result.CpuMicrosecondsPerOperation, results);
        Print("allocated per operation", "B", result => result.AllocatedBytesPerOperation ?? double.NaN, results);
        Print("operations per second", "", result => result.OperationsPerSecond, results);
        return 0;
    }

    private static async Task<MacroResult?> RunOneAsync(string word, string[] args)
    {
        var start = ThisProgram.With(args.Skip(1).Prepend(word));
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            return null;
        }

        var line = output.Trim().Split('\n')[^1];
        Console.WriteLine($"{word,-6}{line}");
        return MacroResult.OfJson(line);
    }

    private static void Print(string what, string unit, Func<MacroResult, double> of, List<(MacroResult Client, MacroResult Floor)> results)
    {
        var ratios = results.Select(pair => of(pair.Client) / of(pair.Floor)).Order().ToArray();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: client {Median(results.Select(pair => of(pair.Client))):0.#} {unit}, floor {Median(results.Select(pair => of(pair.Floor))):0.#} {unit}, ratio {ratios[Turns / 2]:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})"));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Turns / 2);
}
