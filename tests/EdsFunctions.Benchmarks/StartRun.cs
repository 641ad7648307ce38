using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// From the start of a process to its first response: an ASP.NET Core app that does nothing, and DevHost with its simulator,
/// in turns, so that both meet the same disturbances.
/// </summary>
internal static class StartRun
{
    public static async Task RunAsync(string[] args)
    {
        var runs = new ConfigurationBuilder().AddCommandLine(args).Build().GetValue("runs", 10);
        var folder = Directory.CreateTempSubdirectory("eds-functions-publish-").FullName;
        try
        {
            var empty = await AppStart.PublishAsync("tests/EdsFunctions.EmptyApp", Path.Combine(folder, "empty"));
            var devHost = await AppStart.PublishAsync("src/EdsFunctions.DevHost", Path.Combine(folder, "devhost"));
            await MeasureAsync(empty, devHost, runs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(AppStart empty, AppStart devHost, int runs)
    {
        var (emptyTimes, devHostTimes) = (new List<double>(), new List<double>());
        // The first turn fills the caches of the file system.
        for (var run = 0; run <= runs; run++)
        {
            var emptyTime = await empty.MeasureAsync(url => new HttpRequestMessage(HttpMethod.Get, url));
            var devHostTime = await devHost.MeasureAsync(CreateSend);
            if (run > 0)
            {
                emptyTimes.Add(emptyTime.TotalMilliseconds);
                devHostTimes.Add(devHostTime.TotalMilliseconds);
            }
        }

        Print("empty app", emptyTimes, emptyTimes);
        Print("DevHost", devHostTimes, emptyTimes);
    }

    private static HttpRequestMessage CreateSend(Uri url) => new(HttpMethod.Post, new Uri(url, "api/verifications"))
    {
        Content = new StringContent(
            """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""",
            Encoding.UTF8,
            "application/json"),
    };

    private static void Print(string name, List<double> times, List<double> emptyTimes) =>
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {Median(times):0} ms ({times.Min():0} to {times.Max():0}), "
            + $"{Median(times) / Median(emptyTimes):0.00} of the empty app"));

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
