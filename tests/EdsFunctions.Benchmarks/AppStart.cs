using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdsFunctions.Benchmarks;

/// <summary>A program of this solution, published as it is deployed: in Release and compiled ahead of time.</summary>
internal sealed class AppStart
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ConnectInterval = TimeSpan.FromMilliseconds(2);

    private readonly string assembly;

    private AppStart(string assembly) => this.assembly = assembly;

    /// <param name="project">Its folder in the solution, such as <c>src/EdsFunctions.DevHost</c>.</param>
    /// <param name="folder">The folder to publish to.</param>
    public static async Task<AppStart> PublishAsync(string project, string folder)
    {
        using var publish = Process.Start("dotnet",
        [
            "publish", Path.Combine(FindSolution(AppContext.BaseDirectory), project), "--configuration", "Release",
            "--runtime", RuntimeInformation.RuntimeIdentifier, "--self-contained", "false", "-p:PublishReadyToRun=true",
            "--verbosity", "quiet", "--output", folder,
        ]);
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? new AppStart(Path.Combine(folder, $"{Path.GetFileName(project)}.dll"))
            : throw new InvalidOperationException($"dotnet publish {project} ended with {publish.ExitCode}.");
    }

    /// <summary>Starts it in a new folder and on a new port.</summary>
    /// <param name="createRequest">The request that is repeated until the program answers.</param>
    /// <returns>The time from the start of the process to the end of the first response.</returns>
    public async Task<TimeSpan> MeasureAsync(Func<Uri, HttpRequestMessage> createRequest)
    {
        var folder = Directory.CreateTempSubdirectory("eds-functions-start-");
        var url = new Uri($"http://127.0.0.1:{FindFreePort()}/");
        string[] arguments = [assembly, "--urls", url.ToString(), "--Simulator:Url", "http://127.0.0.1:0"];
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardOutput = true,
        };
        using var invoker = BareCall.CreateInvoker();
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        try
        {
            using var response = await FirstResponseAsync(invoker, process, () => createRequest(url), started);
            await response.Content.ReadAsByteArrayAsync();
            var elapsed = Stopwatch.GetElapsedTime(started);
            return response.IsSuccessStatusCode
                ? elapsed
                : throw new InvalidOperationException($"{assembly} returned {(int)response.StatusCode}.");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
            folder.Delete(recursive: true);
        }
    }

    private static async Task<HttpResponseMessage> FirstResponseAsync(
        HttpMessageInvoker invoker, Process process, Func<HttpRequestMessage> createRequest, long started)
    {
        while (!process.HasExited && Stopwatch.GetElapsedTime(started) < Timeout)
        {
            try
            {
                using var request = createRequest();
                return await invoker.SendAsync(request, CancellationToken.None);
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // It does not listen yet.
                await Task.Delay(ConnectInterval, TimeProvider.System);
            }
        }

        throw new InvalidOperationException("The program ended or does not listen.");
    }

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string FindSolution(string folder) => File.Exists(Path.Combine(folder, "EdsFunctions.sln"))
        ? folder
        : FindSolution(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("Not in the solution."));
}
