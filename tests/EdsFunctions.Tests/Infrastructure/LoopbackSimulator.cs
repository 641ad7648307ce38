namespace EdsFunctions.Tests.Infrastructure;

/// <summary>Starts the simulator of Alibaba Cloud with its default options, on a free port.</summary>
internal static class LoopbackSimulator
{
    public static Task<SimulatorServer> StartAsync(TimeProvider? time = null) => SimulatorServer.StartAsync(
        new SimulatorOptions(),
        "http://127.0.0.1:0",
        TextWriter.Null,
        time ?? TimeProvider.System,
        TestContext.Current.CancellationToken);
}
