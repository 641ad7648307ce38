using EdsFunctions.Core.Alibaba;
using EdsFunctions.EcdSimulator;

namespace EdsFunctions.DevHost;

/// <summary>The simulator beside the host, on its usual port or, if that is taken, on any.</summary>
internal static class InProcessSimulator
{
    private const string UsualUrl = "http://127.0.0.1:7072";
    private const string AnyUrl = "http://127.0.0.1:0";
    private const string EndpointOverride = $"{AlibabaOptions.Section}:{nameof(AlibabaOptions.EndpointOverride)}";

    /// <summary>Starts it and points the app to it, unless the configuration names another endpoint.</summary>
    /// <param name="configuration">Section <c>Simulator</c> says which access key it accepts and where it listens.</param>
    /// <param name="mail">Where it writes the e-mails.</param>
    public static async Task<SimulatorServer?> StartAsync(ConfigurationManager configuration, TextWriter mail)
    {
        if (!string.IsNullOrEmpty(configuration[EndpointOverride]))
        {
            return null;
        }

        var options = configuration.GetSection("Simulator").Get<SimulatorOptions>() ?? new SimulatorOptions();
        var simulator = await StartAsync(options, configuration["Simulator:Url"], mail);
        var settings = new Dictionary<string, string?> { [EndpointOverride] = simulator.Url.ToString() };
        if (string.IsNullOrEmpty(configuration[$"{KeyVaultOptions.Section}:{nameof(KeyVaultOptions.Uri)}"]))
        {
            // A real access key in the environment is not for the simulator, which would refuse it.
            settings["ALIBABA_CLOUD_ACCESS_KEY_ID"] = options.AccessKeyId;
            settings["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = options.AccessKeySecret;
            settings["ALIBABA_CLOUD_SECURITY_TOKEN"] = options.SecurityToken;
        }

        configuration.AddInMemoryCollection(settings);
        return simulator;
    }

    private static async Task<SimulatorServer> StartAsync(SimulatorOptions options, string? url, TextWriter mail)
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
            throw DevHostApp.Invalid(e.Message);
        }
    }
}
