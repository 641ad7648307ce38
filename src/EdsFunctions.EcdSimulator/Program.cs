using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdsFunctions.EcdSimulator;

/// <summary>
/// Runs the simulator as a process. The class has a namespace, because DevHost, which refers to this project, has a
/// Program too.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => RunAsync(args, Console.Out, Console.Error);

    /// <returns>
    /// The exit code. If the simulator cannot start, <paramref name="error"/> gets one line with the reason.
    /// </returns>
    internal static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter error)
    {
        try
        {
            var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
            var options = configuration.GetSection("Simulator").Get<SimulatorOptions>() ?? new SimulatorOptions();
            var url = configuration["urls"] ?? "http://127.0.0.1:7072";
            await using var server = await SimulatorServer.StartAsync(options, url, output, TimeProvider.System);
            await output.WriteLineAsync(
                $"Listening on {server.Url} for requests signed with the access key {options.AccessKeyId}.");
            await output.WriteLineAsync($"To list the e-mails: curl {server.Url}_simulator/outbox");
            await StopRequestedAsync();
            return 0;
        }
        catch (Exception exception) when (exception is ArgumentException or IOException or SocketException
            or InvalidOperationException or FormatException)
        {
            await error.WriteLineAsync($"Cannot start: {exception.Message}");
            return 1;
        }
    }

    private static async Task StopRequestedAsync()
    {
        var stop = new TaskCompletionSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }
}
