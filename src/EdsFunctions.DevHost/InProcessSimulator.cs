using System.Net.Sockets;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Hosting;
using EdsFunctions.EcdSimulator;

namespace EdsFunctions.DevHost;

/// <summary>Starts a simulator of Alibaba Cloud in the process of DevHost.</summary>
internal static class InProcessSimulator
{
    private const string Section = "Simulator";
    private const string UrlSetting = $"{Section}:Url";
    private const string DefaultUrl = "http://127.0.0.1:7072";
    private const string AnyPortUrl = "http://127.0.0.1:0";
    private const string EndpointOverride = $"{AlibabaOptions.Section}:{nameof(AlibabaOptions.EndpointOverride)}";

    /// <summary>
    /// Starts the simulator and sets it as the app's endpoint, unless the configuration has another endpoint.
    /// </summary>
    /// <param name="configuration">
    /// The configuration. The section <c>Simulator</c> has the access key and the URL of the simulator.
    /// </param>
    /// <param name="mail">Receives a line for each e-mail of the simulator.</param>
    public static async Task<SimulatorServer?> StartAsync(ConfigurationManager configuration, TextWriter mail)
    {
        if (!string.IsNullOrEmpty(configuration[EndpointOverride]))
        {
            return null;
        }

        SettingText.Validate(typeof(SimulatorOptions), Section, configuration);
        var options = configuration.GetSection(Section).Get<SimulatorOptions>() ?? new SimulatorOptions();
        var simulator = await StartAsync(options, configuration[UrlSetting], mail);
        var settings = new Dictionary<string, string?> { [EndpointOverride] = simulator.Url.ToString() };
        if (string.IsNullOrEmpty(configuration[$"{KeyVaultOptions.Section}:{nameof(KeyVaultOptions.Uri)}"]))
        {
            // Replace an access key in the environment. It may be a real key, which the simulator must not receive, and
            // would reject.
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
            return await SimulatorServer.StartAsync(options, url ?? DefaultUrl, mail, TimeProvider.System);
        }
        catch (IOException) when (url is null)
        {
            return await SimulatorServer.StartAsync(options, AnyPortUrl, mail, TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw DevHostApp.Invalid(
                $"{UrlSetting}: {e.Message.TrimEnd('.')}. Use a free port of this machine, or {AnyPortUrl} for any.");
        }
        catch (ArgumentException e)
        {
            throw DevHostApp.Invalid(e.Message.StartsWith(Section, StringComparison.Ordinal)
                ? e.Message
                : $"{UrlSetting}: {e.Message}");
        }
    }
}
