using System.Diagnostics;

namespace EdsFunctions.Tests.Hosts;

/// <summary>DevHost as a process of its own, as <c>dotnet run</c> starts it.</summary>
internal sealed class DevHostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<string> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevHostProcess(Process process) => this.process = process;

    /// <summary>What it wrote to standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    /// <param name="folder">Its working folder, in which it keeps its data.</param>
    /// <param name="arguments">From the command line.</param>
    /// <param name="environment">Variables beyond those of the tests.</param>
    public static DevHostProcess Start(string folder, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "EdsFunctions.DevHost.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("ALIBABA_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment ?? [])
        {
            start.Environment[name] = value;
        }

        var host = new DevHostProcess(new Process { StartInfo = start });
        host.process.OutputDataReceived += (_, line) => host.Read(line.Data);
        host.process.Start();
        host.process.BeginOutputReadLine();
        return host;
    }

    /// <summary>The address that it says it listens on.</summary>
    public Task<string> ListeningAsync() => listening.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Asks it to stop, as a service manager does.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Ends it where it stands, as a power cut does.</summary>
    public void Kill() => process.Kill();

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<(int ExitCode, string Error)> ExitAsync()
    {
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, error);
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
            listening.TrySetException(new InvalidOperationException($"DevHost ended: {Output}"));
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        const string Marker = "curl http://";
        if (line.Contains(Marker, StringComparison.Ordinal) && line.EndsWith("/api/reports/stale", StringComparison.Ordinal))
        {
            // The last line of what it says at the start.
            listening.TrySetResult(line.Trim()["curl ".Length..].Replace("/api/reports/stale", "", StringComparison.Ordinal));
        }
    }
}
