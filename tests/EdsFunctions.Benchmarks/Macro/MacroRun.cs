using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>Many calls, so many at a time, after a warm-up.</summary>
internal static class MacroRun
{
    /// <summary>How many calls go before the measured ones at least, and how many more until the runtime is asked again.</summary>
    private const int WarmUp = 30_000;
    private const int MoreWarmUp = 10_000;
    private const int MostWarmUp = 300_000;

    /// <summary>Fewer methods than this in so many calls are not those that the calls are made of.</summary>
    private const int FewMethods = 5;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, Func<MacroOptions, IMacroCall> prepare)
    {
        if (MacroOptions.Parse(args) is not { } options)
        {
            await Console.Error.WriteLineAsync(MacroOptions.Usage);
            return 2;
        }

        try
        {
            using var call = prepare(options);
            var first = await WarmUpAsync(call, options.Concurrency);
            Console.WriteLine((await MeasureAsync(call, first, options)).ToJson());
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or SocketException or InvalidOperationException)
        {
            await Console.Error.WriteLineAsync($"The run ended: {e.Message}");
            return 1;
        }
    }

    /// <summary>
    /// The runtime compiles again what runs often, and until it is done a call costs up to twice as much, and the more the longer its code.
    /// </summary>
    /// <returns>How many calls it took.</returns>
    private static async Task<int> WarmUpAsync(IMacroCall call, int concurrency)
    {
        await CallAllAsync(call, first: 0, WarmUp, concurrency, latencies: null);
        var calls = WarmUp;
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await CallAllAsync(call, calls, MoreWarmUp, concurrency, latencies: null);
            calls += MoreWarmUp;
        }
        while (JitInfo.GetCompiledMethodCount() - compiled > FewMethods && calls < MostWarmUp);

        return calls;
    }

    private static async Task<MacroResult> MeasureAsync(IMacroCall call, int first, MacroOptions options)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var latencies = new long[options.Count];
        var (cpu, allocated, start) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await CallAllAsync(call, first, options.Count, options.Concurrency, latencies);
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
