using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;

namespace EdsFunctions.Benchmarks;

/// <summary>
/// The time from the start of a process to its first response. Both programs are published with ReadyToRun, in Release.
/// </summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 1, iterationCount: 10)]
public class StartBenchmarks
{
    private static readonly HttpMessageInvoker Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("eds-functions-start-");
    private string assembly = "";
    private Process? process;

    [GlobalSetup(Target = nameof(EmptyApp))]
    public void PublishEmptyApp() => Publish("tests/EdsFunctions.EmptyApp");

    [GlobalSetup(Target = nameof(DevHost))]
    public void PublishDevHost() => Publish("src/EdsFunctions.DevHost");

    [GlobalCleanup]
    public void Clean() => folder.Delete(recursive: true);

    /// <summary>An empty ASP.NET Core app.</summary>
    [Benchmark(Baseline = true)]
    public Task EmptyApp() => StartAsync(url => new HttpRequestMessage(HttpMethod.Get, url));

    /// <summary>DevHost with its simulator, until the first 201.</summary>
    [Benchmark]
    public Task DevHost() => StartAsync(url => new HttpRequestMessage(
        HttpMethod.Post, new Uri(url, "api/verifications"))
    {
        Content = new StringContent(
            """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""",
            Encoding.UTF8,
            "application/json"),
    });

    [IterationCleanup]
    public void Stop()
    {
        process!.Kill();
        process.WaitForExit();
    }

    private void Publish(string project)
    {
        using var publish = Process.Start("dotnet",
        [
            "publish", Path.Combine(FindSolution(AppContext.BaseDirectory), project), "--configuration", "Release",
            "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
            "--verbosity", "quiet", "--output", folder.FullName,
        ]);
        publish.WaitForExit();
        assembly = publish.ExitCode == 0
            ? Path.Combine(folder.FullName, $"{Path.GetFileName(project)}.dll")
            : throw new InvalidOperationException(
                $"dotnet publish {project} failed with exit code {publish.ExitCode}.");
    }

    /// <summary>Starts the program with an empty database on a free port, and retries until it responds.</summary>
    private async Task StartAsync(Func<Uri, HttpRequestMessage> createRequest)
    {
        var url = new Uri($"http://127.0.0.1:{FindFreePort()}/");
        string[] arguments = [assembly, "--urls", url.ToString(), "--Simulator:Url", "http://127.0.0.1:0"];
        process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder.CreateSubdirectory(Guid.NewGuid().ToString()).FullName,
            RedirectStandardOutput = true,
        })!;
        while (!process.HasExited)
        {
            try
            {
                using var request = createRequest(url);
                using var response = await Http.SendAsync(request, CancellationToken.None);
                response.EnsureSuccessStatusCode();
                return;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // The program does not listen yet.
                await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            }
        }

        throw new InvalidOperationException($"{assembly} exited before it responded.");
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindSolution(string folder) => File.Exists(Path.Combine(folder, "EdsFunctions.sln"))
        ? folder
        : FindSolution(Path.GetDirectoryName(folder)
            ?? throw new InvalidOperationException("There is no EdsFunctions.sln in a parent folder."));
}
