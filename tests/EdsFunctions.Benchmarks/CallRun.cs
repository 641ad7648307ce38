using System.Diagnostics;
using System.Runtime;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Benchmarks;

/// <summary>Measures concurrent calls after a warm-up, and prints the result as one line of JSON.</summary>
internal static class CallRun
{
    private const int MinWarmUp = 40_000;
    private const int WarmUpStep = 10_000;
    private const int MaxWarmUp = 300_000;

    /// <summary>The calls are compiled when a step of the warm-up compiles no more methods than this.</summary>
    private const int FewMethods = 5;

    public static async Task RunAsync(string[] args, Func<Uri, ICall> create)
    {
        var options = new ConfigurationBuilder().AddCommandLine(args).Build();
        var (count, concurrency) = (options.GetValue("count", 10_000), options.GetValue("concurrency", 32));
        using var call = create(new Uri(options["url"] ?? throw new ArgumentException("--url is missing.")));

        var first = await WarmUpAsync(call, concurrency);
        Console.WriteLine((await MeasureAsync(call, first, count, concurrency)).ToJson());
    }

    /// <summary>
    /// Until the runtime has recompiled what runs often, a call costs up to twice as much. How much it compiles is known of
    /// this process only; the least number of calls is for the app that is called.
    /// </summary>
    /// <returns>The number of calls.</returns>
    private static async Task<int> WarmUpAsync(ICall call, int concurrency)
    {
        var calls = 0;
        long compiled;
        do
        {
            compiled = JitInfo.GetCompiledMethodCount();
            await CallAllAsync(call, calls, WarmUpStep, concurrency);
            calls += WarmUpStep;
        }
        while (calls < MinWarmUp || (calls < MaxWarmUp && JitInfo.GetCompiledMethodCount() - compiled > FewMethods));

        return calls;
    }

    private static async Task<CallResult> MeasureAsync(ICall call, int first, int count, int concurrency)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        var (cpu, allocated, start) =
            (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        var latencies = await CallAllAsync(call, first, count, concurrency);
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        process.Refresh();
        cpu = process.TotalProcessorTime - cpu;

        Array.Sort(latencies);
        return new CallResult(
            Math.Round(count / elapsed.TotalSeconds, 1),
            Math.Round(latencies[(count - 1) / 2].TotalMilliseconds, 3),
            Math.Round(latencies[(count - 1) * 99 / 100].TotalMilliseconds, 3),
            Math.Round(cpu.TotalMicroseconds / count, 1),
            Math.Round((double)allocated / count),
            Math.Round(process.PeakWorkingSet64 / 1024.0 / 1024.0, 1));
    }

    private static async Task<TimeSpan[]> CallAllAsync(ICall call, int first, int count, int concurrency)
    {
        var latencies = new TimeSpan[count];
        var next = -1;
        async Task WorkAsync()
        {
            while (Interlocked.Increment(ref next) is var number && number < count)
            {
                var start = Stopwatch.GetTimestamp();
                await call.CallAsync(first + number);
                latencies[number] = Stopwatch.GetElapsedTime(start);
            }
        }

        await Task.WhenAll(Enumerable.Range(0, concurrency).Select(_ => Task.Run(WorkAsync)));
        return latencies;
    }
}
