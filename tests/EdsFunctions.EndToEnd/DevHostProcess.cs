using System.Diagnostics;

namespace EdsFunctions.Tests.Hosts;

/// <summary>Runs DevHost as a process.</summary>
internal sealed class DevHostProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private readonly TaskCompletionSource<string> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevHostProcess(Process process) => this.process = process;

    /// <summary>The standard output so far.</summary>
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

    /// <param name="folder">The working directory of the process, in which DevHost stores its data.</param>
    /// <param name="arguments">The command-line arguments.</param>
    /// <param name="environment">Additional environment variables.</param>
    public static DevHostProcess Start(
        string folder, string[] arguments, Dictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "EdsFunctions.DevHost.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var accessKeys = start.Environment.Keys.Where(name => name.StartsWith("ALIBABA_", StringComparison.Ordinal));
        foreach (var name in accessKeys.ToList())
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

    /// <summary>Waits until the host has started.</summary>
    /// <returns>Its address.</returns>
    public Task<string> ListeningAsync() => listening.Task.WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>Sends SIGTERM, as a service manager does.</summary>
    public async Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>Kills the process, as a power failure does.</summary>
    public void Kill() => process.Kill();

    /// <summary>Waits until the process exits.</summary>
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
            listening.TrySetException(new InvalidOperationException($"DevHost exited: {Output}"));
            return;
        }

        lock (output)
        {
            output.AppendLine(line);
        }

        // The last line that DevHost writes when it has started contains this command.
        const string Command = "curl ";
        const string LastPath = "/api/reports/stale";
        if (line.Contains($"{Command}http://", StringComparison.Ordinal)
            && line.EndsWith(LastPath, StringComparison.Ordinal))
        {
            listening.TrySetResult(line.Trim()[Command.Length..^LastPath.Length]);
        }
    }
}
