using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdsFunctions.Load;

/// <summary>Runs another program of this solution, such as DevHost, as a child process.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => this.process = process;

    public Uri Url => listening.Task.Result;

    /// <summary>The working set of the process, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the program on a free port and waits until it listens.</summary>
    public static async Task<ChildProcess> StartAsync(string name, string folder, params string[] arguments)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, $"{name}.dll");
        var start = new ProcessStartInfo("dotnet", [assembly, "--urls", "http://127.0.0.1:0", .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) => child.Read(line.Data);
        child.process.Start();
        // Read the output until its end, because the program would block when the pipe is full.
        child.process.BeginOutputReadLine();
        await child.listening.Task;
        return child;
    }

    /// <summary>Sends SIGTERM, and kills the process if it does not exit in time.</summary>
    /// <returns>The exit code; not 0 if the process was killed.</returns>
    public async Task<int> TerminateAsync(TimeSpan timeout)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await Task.WhenAny(process.WaitForExitAsync(), Task.Delay(timeout, TimeProvider.System));
        process.Kill();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            listening.TrySetException(new InvalidOperationException("The program exited before it listened."));
        }
        else if (ListensOn.Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    /// <summary>Matches the line with the address that the simulator and DevHost write when they start.</summary>
    [GeneratedRegex(@"listen(s|ing) on +(?<url>http://[0-9.:]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ListensOn { get; }
}
