using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace EdsFunctions.Load;

/// <summary>A program of this solution in a process of its own.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(Process process) => this.process = process;

    /// <summary>What it holds of the machine's memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            process.Refresh();
            return process.WorkingSet64;
        }
    }

    /// <summary>Starts it, and waits until it says where it listens.</summary>
    /// <param name="name">The assembly, which lies beside this one.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="arguments">From the command line.</param>
    /// <param name="environment">Variables beyond those of this process.</param>
    public static async Task<(ChildProcess Process, Uri Url)> StartAsync(
        string name, string folder, string[] arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{name}.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
        };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[variable] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start });
        child.process.OutputDataReceived += (_, line) => child.Read(line.Data);
        child.process.Start();
        // To its end, although only the address matters: a full pipe would hold the program up.
        child.process.BeginOutputReadLine();
        try
        {
            return (child, await child.listening.Task);
        }
        catch (InvalidOperationException)
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks it to stop, as a service manager does, and waits until it has ended.</summary>
    /// <param name="patience">How long it may take.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It goes on.</exception>
    public async Task<int> TerminateAsync(TimeSpan patience)
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync().WaitAsync(patience, TimeProvider.System);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            listening.TrySetException(new InvalidOperationException($"{process.StartInfo.ArgumentList[0]} did not start."));
        }
        else if (!listening.Task.IsCompleted && ListensOn.Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups["url"].Value));
        }
    }

    /// <summary>How both programs say it.</summary>
    [GeneratedRegex(@"listen(s|ing) on +(?<url>http://[0-9.:]+)", RegexOptions.IgnoreCase)]
    private static partial Regex ListensOn { get; }
}
