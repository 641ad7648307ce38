using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace EdsFunctions.Benchmarks.Macro;

/// <summary>A program that is started, asked one thing as soon as it listens, and ended.</summary>
/// <param name="Name">What the figures are called.</param>
/// <param name="Assembly">Its path.</param>
/// <param name="Environment">Variables beyond those of this process.</param>
/// <param name="Request">The first request, to an address that ends with a slash.</param>
/// <param name="Answer">The status that it must have.</param>
internal sealed record AppStart(
    string Name,
    string Assembly,
    IReadOnlyDictionary<string, string> Environment,
    Func<string, HttpRequestMessage> Request,
    HttpStatusCode Answer)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenConnects = TimeSpan.FromMilliseconds(2);

    /// <summary>Starts it in a new folder and on a new port, and measures until its first answer.</summary>
    /// <exception cref="InvalidOperationException">It does not start, or answers something else.</exception>
    public async Task<Sample> MeasureAsync()
    {
        using var folder = new TemporaryFolder();
        var url = $"http://127.0.0.1:{FreePort()}/";
        var start = new ProcessStartInfo("dotnet", [Assembly, "--urls", url])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ALIBABA_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var process = new Process { StartInfo = start };
        var started = Stopwatch.GetTimestamp();
        process.Start();
        try
        {
            var status = await FirstAnswerAsync(invoker, process, url, started);
            var elapsed = Stopwatch.GetElapsedTime(started);
            process.Refresh();
            return status == Answer
                ? new Sample(elapsed, process.TotalProcessorTime, process.PeakWorkingSet64)
                : throw new InvalidOperationException($"{Name} answered {(int)status} to its first request.");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    private async Task<HttpStatusCode> FirstAnswerAsync(HttpMessageInvoker invoker, Process process, string url, long started)
    {
        while (!process.HasExited && Stopwatch.GetElapsedTime(started) < Patience)
        {
            try
            {
                using var request = Request(url);
                using var response = await invoker.SendAsync(request, CancellationToken.None);
                await response.Content.ReadAsByteArrayAsync();
                return response.StatusCode;
            }
            catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConnectionError)
            {
                // It does not listen yet.
                await Task.Delay(BetweenConnects, TimeProvider.System);
            }
        }

        throw new InvalidOperationException(process.HasExited
            ? $"{Name} ended with {process.ExitCode}: {await process.StandardError.ReadToEndAsync()}"
            : $"{Name} does not listen after {Patience}.");
    }

    private static async Task EndAsync(Process process)
    {
        try
        {
            process.Kill();
        }
        catch (Win32Exception)
        {
            // It is ending already.
        }

        await process.WaitForExitAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>One start.</summary>
    /// <param name="Elapsed">From before the process was started until the whole answer was here.</param>
    /// <param name="Cpu">What the process had spent by then.</param>
    /// <param name="PeakMemory">In bytes.</param>
    internal readonly record struct Sample(TimeSpan Elapsed, TimeSpan Cpu, long PeakMemory);
}
