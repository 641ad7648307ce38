using System.Globalization;
using System.Net;
using System.Text;
using EdsFunctions.EcdSimulator;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>
/// From the start of the process to the first answer: DevHost's first 201, and in turns with it the first 200 of an app that does
/// nothing. DevHost starts as it does by default, with the simulator in its process, and once more with a simulator that is there already.
/// </summary>
internal static class StartRun
{
    /// <summary>On a port of its own: the usual one may be taken, and to find that out takes time.</summary>
    private static readonly Dictionary<string, string> Beside = new() { ["Simulator__Url"] = "http://127.0.0.1:0" };

    private const string Usage = "Arguments: start [--runs 10]";

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        if (NumberArguments.Parse(args, ("--runs", 10)) is not [var runs])
        {
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }

        try
        {
            using var folder = new TemporaryFolder();
            var empty = await PublishedApp.PublishAsync("tests/EdsFunctions.EmptyApp", folder.File("empty"));
            var devHost = await PublishedApp.PublishAsync("src/EdsFunctions.DevHost", folder.File("devhost"));
            await using var simulator = await SimulatorServer.StartAsync(
                new SimulatorOptions(), "http://127.0.0.1:0", TextWriter.Null, TimeProvider.System);
            AppStart[] apps =
            [
                new("empty app", empty, new Dictionary<string, string>(), AskEmpty, HttpStatusCode.OK),
                new("DevHost", devHost, Beside, AskDevHost, HttpStatusCode.Created),
                new("DevHost, the simulator elsewhere", devHost, Elsewhere(simulator), AskDevHost, HttpStatusCode.Created),
            ];
            var samples = await MeasureAsync(apps, runs);
            var floor = Median(samples[0]);
            foreach (var (app, ofApp) in apps.Zip(samples))
            {
                Print(app, ofApp, floor);
            }

            Console.WriteLine(Result(samples[1]).ToJson());
            return 0;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or IOException)
        {
            await Console.Error.WriteLineAsync($"The run ended: {e.Message}");
            return 1;
        }
    }

    /// <summary>
    /// In turns, so that what else the machine does falls on all of them; the first turn warms up the files and the client, and is not
    /// counted.
    /// </summary>
    private static async Task<List<AppStart.Sample>[]> MeasureAsync(AppStart[] apps, int runs)
    {
        var samples = Array.ConvertAll(apps, _ => new List<AppStart.Sample>());
        for (var run = 0; run <= runs; run++)
        {
            for (var i = 0; i < apps.Length; i++)
            {
                var sample = await apps[i].MeasureAsync();
                if (run > 0)
                {
                    samples[i].Add(sample);
                }
            }
        }

        return samples;
    }

    private static HttpRequestMessage AskEmpty(string url) => new(HttpMethod.Get, url);

    private static HttpRequestMessage AskDevHost(string url) => new(HttpMethod.Post, $"{url}api/verifications")
    {
        Content = new StringContent(
            """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""",
            Encoding.UTF8,
            "application/json"),
    };

    private static Dictionary<string, string> Elsewhere(SimulatorServer simulator)
    {
        var options = new SimulatorOptions();
        return new Dictionary<string, string>
        {
            ["Alibaba__EndpointOverride"] = simulator.Url.ToString(),
            ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = options.AccessKeyId,
            ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = options.AccessKeySecret,
        };
    }

    private static void Print(AppStart app, List<AppStart.Sample> samples, double floor)
    {
        var times = Times(samples);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{app.Name}: {Median(samples):0} ms ({times[0]:0} to {times[^1]:0}), {Median(samples) / floor:0.00} of the empty app"));
    }

    private static MacroResult Result(List<AppStart.Sample> samples)
    {
        var times = Times(samples);
        return new MacroResult(
            Math.Round(1000 / times.Average(), 1),
            Math.Round(Median(samples), 1),
            Math.Round(times[(times.Length - 1) * 99 / 100], 1),
            Math.Round(samples.Average(sample => sample.Cpu.TotalMicroseconds), 0),
            AllocatedBytesPerOperation: null,
            Math.Round(samples.Max(sample => sample.PeakMemory) / 1024.0 / 1024.0, 1));
    }

    private static double Median(List<AppStart.Sample> samples) => Times(samples)[samples.Count / 2];

    private static double[] Times(List<AppStart.Sample> samples) => [.. samples.Select(sample => sample.Elapsed.TotalMilliseconds).Order()];
}
