using EdsFunctions.EcdSimulator;

namespace EdsFunctions.DevHost;

/// <summary>Starts the simulator on its usual port or, where that is taken, on any.</summary>
internal static class InProcessSimulator
{
    private const string UsualUrl = "http://127.0.0.1:7072";
    private const string AnyUrl = "http://127.0.0.1:0";

    /// <param name="options">Which access key it accepts.</param>
    /// <param name="url">Where it is to listen; null for the usual port.</param>
    /// <param name="mail">Where it writes the e-mails.</param>
    public static async Task<SimulatorServer> StartAsync(SimulatorOptions options, string? url, TextWriter mail)
    {
        try
        {
            return await SimulatorServer.StartAsync(options, url ?? UsualUrl, mail, TimeProvider.System);
        }
        catch (IOException) when (url is null)
        {
            return await SimulatorServer.StartAsync(options, AnyUrl, mail, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            throw new InvalidDevHostOptionException(e.Message);
        }
    }
}
