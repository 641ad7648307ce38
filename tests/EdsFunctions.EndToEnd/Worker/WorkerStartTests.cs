namespace EdsFunctions.Tests.EndToEnd;

/// <summary>
/// Measures the start of the app and of an empty Functions app: the time from the start of the worker's process to its
/// first response. docs/benchmarks.md has the commands and the figures.
/// </summary>
public sealed class WorkerStartTests(Azurite azurite, ITestOutputHelper output)
{
    /// <summary>
    /// A measured time: from the start of the real Functions host to the first response of an empty app.
    /// </summary>
    private static readonly TimeSpan EmptyAppOnFunctionsHost = TimeSpan.FromSeconds(3.95);

    private static readonly int Starts = int.Parse(Variable("EDS_STARTS") ?? "10", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public async Task Start_AppAndEmptyAppInTurn_PrintsTheMedians()
    {
        Assert.SkipWhen(AppPackage.Published is null, "EDS_PACKAGE is not set.");
        var emptyApp = Variable("EDS_EMPTY_PACKAGE");
        Assert.SkipWhen(emptyApp is null, "EDS_EMPTY_PACKAGE is not set.");
        await using var simulator = await LoopbackSimulator.StartAsync();
        var settings = RunningWorker.Settings(await azurite.OwnConnectionStringAsync(), simulator.Url);
        List<Start> empty = [], health = [], send = [];
        for (var number = 0; number <= Starts; number++)
        {
            empty.Add(await StartAsync(emptyApp, settings, api => api.GetAsync("health")));
            health.Add(await StartAsync(AppPackage.Folder, settings, api => api.GetAsync("health")));
            send.Add(await StartAsync(
                AppPackage.Folder, settings, api => api.SendAsync(A.Verification.OwnedBy(A.FreshOwner()))));
        }

        output.WriteLine("median of {0} | empty app | health | send", Starts);
        var time = Print("time in ms", start => start.Time.TotalMilliseconds, empty, health, send);
        Print("CPU in ms", start => start.Cpu.TotalMilliseconds, empty, health, send);
        Print("peak memory in MiB", start => start.PeakMemory / 1024.0 / 1024, empty, health, send);
        var host = EmptyAppOnFunctionsHost.TotalMilliseconds - time[0];
        output.WriteLine(
            "time with the real Functions host | {0:N0} | {1}",
            host + time[0], string.Join(" | ", time[1..].Select(app => Ratio(host + app, host + time[0]))));
    }

    private static async Task<Start> StartAsync(
        string folder, Dictionary<string, string?> settings, Func<ApiClient, Task<ApiResponse>> requestAsync)
    {
        await using var host = await FunctionsHost.StartAsync(settings, folder);
        var response = await requestAsync(new ApiClient(host.Url, FunctionsHost.Key));
        var (time, worker) = (TimeProvider.System.GetElapsedTime(host.WorkerStarted), host.Worker);
        var start = new Start(time, worker.TotalProcessorTime, worker.PeakWorkingSet64);
        Assert.True(response.Status is 200 or 201, host.Output);
        return start;
    }

    /// <summary>Prints the medians of several apps, and their ratios to the median of the first app.</summary>
    private double[] Print(string what, Func<Start, double> figure, params IEnumerable<Start>[] apps)
    {
        // Leave out the first start of each app, which creates the table and fills caches.
        double[] medians = [.. apps.Select(starts => starts.Skip(1).Select(figure).Order().ElementAt(Starts / 2))];
        output.WriteLine(
            "{0} | {1:N0} | {2}",
            what, medians[0], string.Join(" | ", medians[1..].Select(median => Ratio(median, medians[0]))));
        return medians;
    }

    private static string Ratio(double app, double emptyApp) =>
        string.Create(CultureInfo.InvariantCulture, $"{app:N0} ({app / emptyApp:F2})");

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private sealed record Start(TimeSpan Time, TimeSpan Cpu, long PeakMemory);
}
