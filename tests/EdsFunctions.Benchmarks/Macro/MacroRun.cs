using System.Diagnostics;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>Many calls, so many at a time, after a warm-up.</summary>
internal static class MacroRun
{
    /// <summary>
    /// How many calls go before the measured ones. The runtime compiles again what runs often; until it is done, which takes some 20,000 calls, a
    /// call costs twice as much, and the more the longer its code.
    /// </summary>
    private const int WarmUp = 30_000;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Func<MacroOptions, IMacroCall> prepare)
    {
        if (MacroOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(MacroOptions.Usage);
            return 2;
        }

        using var call = prepare(options);
        try
        {
            await CallAllAsync(call, first: 0, WarmUp, options.Concurrency, latencies: null);
            Console.WriteLine((await MeasureAsync(call, options)).ToJson());
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The run ended: {e.Message}");
            return 1;
        }
    }

    private static async Task<MacroResult> MeasureAsync(IMacroCall call, MacroOptions options)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var latencies = new long[options.Count];
        var (cpu, allocated, start) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await CallAllAsync(call, first: WarmUp, options.Count, options.Concurrency, latencies);
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;

        Array.Sort(latencies);
        double Percentile(int percent) => latencies[(latencies.Length - 1) * percent / 100] * 1000.0 / Stopwatch.Frequency;
        return new MacroResult(
            Math.Round(options.Count / elapsed.TotalSeconds, 1),
            Math.Round(Percentile(50), 3),
            Math.Round(Percentile(99), 3),
            Math.Round(cpu.TotalMicroseconds / options.Count, 1),
            Math.Round((double)allocated / options.Count, 0),
            Math.Round(process.PeakWorkingSet64 / 1024.0 / 1024.0, 1));
    }

    private static async Task CallAllAsync(IMacroCall call, int first, int count, int concurrency, long[]? latencies)
    {
        var next = -1;
        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
            {
                var start = Stopwatch.GetTimestamp();
                await call.CallAsync(first + number);
                if (latencies is not null)
                {
                    latencies[number] = Stopwatch.GetTimestamp() - start;
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
    }
}
