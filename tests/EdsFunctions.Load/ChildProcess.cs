using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdsFunctions.Load;

/// <summary>A program of this solution that has been built next to this one, in a process of its own.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => this.process = process;

    public Uri Url => listening.Task.Result;

    /// <summary>Its working set, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts the program on a free port, and returns when it listens.</summary>
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
        // To the end of the output: a full pipe would block the program.
        child.process.BeginOutputReadLine();
        await child.listening.Task;
        return child;
    }

    /// <summary>Stops it as a service manager does, and kills it if it does not end in time.</summary>
    /// <returns>The exit code; not 0 if it was killed.</returns>
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
            listening.TrySetException(new InvalidOperationException("The program ended before it listened."));
        }
        else if (ListensOn.Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    /// <summary>The simulator and DevHost word it differently.</summary>
    [GeneratedRegex(@"listen(s|ing) on +(?<url>http://[0-9.:]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ListensOn { get; }
}
