using System.Diagnostics;
using EdsFunctions.Core;
using EdsFunctions.Core.Reporting;
using EdsFunctions.Core.Verifications.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>
/// One run of the report over a SQLite file, in a process that does nothing else. The file is filled by another one, so that its memory
/// is not counted.
/// </summary>
internal static class ReportRun
{
    /// <summary>Said by this program to itself.</summary>
    public const string FillWord = "report-fill";

    private const string Usage = "Arguments: report [--open 1000000] [--stale 10000]";

    private static readonly TimeSpan Threshold = new StaleReportOptions().Threshold;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (NumberArguments.Parse(args, ("--open", 1_000_000), ("--stale", 10_000)) is not [var open, var stale] || stale > open)
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        using var folder = new TemporaryFolder();
        var path = folder.File("verifications.db");
        using (var filling = Process.Start(ThisProgram.With([FillWord, path, $"{open}", $"{stale}"]))!)
        {
            await filling.WaitForExitAsync();
            if (filling.ExitCode != 0)
            {
                return 1;
            }
        }

        Console.WriteLine((await MeasureAsync(path)).ToJson());
        return 0;
    }

    /// <summary>Fills a file.</summary>
    /// <param name="args">The word, the path, how many are open in all, and how many of them are stale.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> FillAsync(string[] args)
    {
        using var store = new SqliteVerificationStore(args[1]);
        var (open, stale) = (int.Parse(args[2]), int.Parse(args[3]));
        var now = TimeProvider.System.GetUtcNow();
        // The stale ones came within the hour before the threshold, and the others just now: the run comes when all are in.
        await Filling.FillAsync(store, stale, i => Filling.PendingSince(now - Threshold - TimeSpan.FromSeconds(i % 3600)));
        await Filling.FillAsync(store, open - stale, _ => Filling.PendingSince(TimeProvider.System.GetUtcNow()));
        return 0;
    }

    private static async Task<MacroResult> MeasureAsync(string path)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Verifications:SqlitePath"] = path,
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = FloorCall.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = FloorCall.AccessKeySecret,
        });
        builder.Services.AddEdsFunctions();
        using var host = builder.Build();
        var report = host.Services.GetRequiredService<StaleReport>();

        using var process = Process.GetCurrentProcess();
        var (cpu, allocated, start) = (process.TotalProcessorTime, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.GetTimestamp());
        await report.RunAsync(CancellationToken.None);
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        process.Refresh();
        return new MacroResult(
            Math.Round(1 / elapsed.TotalSeconds, 3),
            Math.Round(elapsed.TotalMilliseconds, 1),
            Math.Round(elapsed.TotalMilliseconds, 1),
            Math.Round((process.TotalProcessorTime - cpu).TotalMicroseconds, 0),
            allocated,
            Math.Round(process.PeakWorkingSet64 / 1024.0 / 1024.0, 1));
    }
}
