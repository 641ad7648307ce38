using System.Text.RegularExpressions;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Validates the language, the heartbeat and the channels, without repeating an address or a secret.</summary>
internal sealed partial class ReportChannelsValidator(IHostEnvironment environment, IConfiguration configuration)
    : IValidateOptions<StaleReportOptions>
{
    private static readonly string Kinds =
        $"{string.Join(", ", Enum.GetNames<ReportChannelKind>()[..^1])} or {Enum.GetNames<ReportChannelKind>()[^1]}";

    public ValidateOptionsResult Validate(string? name, StaleReportOptions options)
    {
        var failures = new List<string>();
        if (options.Language is not (Localizer.English or Localizer.Chinese))
        {
            failures.Add($"{StaleReportOptions.Section}:Language must be {Localizer.English} or {Localizer.Chinese}.");
        }

        if (options.HeartbeatUrl is { Length: > 0 } heartbeat
            && ValidateUrl($"{StaleReportOptions.Section}:HeartbeatUrl", heartbeat) is { } invalidHeartbeat)
        {
            failures.Add(invalidHeartbeat);
        }

        // The configuration binder silently drops what does not have the form of a channel.
        failures.AddRange(configuration.GetSection($"{StaleReportOptions.Section}:Channels").GetChildren()
            .Where(channel => !options.Channels.ContainsKey(channel.Key) && NameShape.IsMatch(channel.Key))
            .Select(channel => $"{StaleReportOptions.Section}:Channels:{channel.Key} must have a Kind and a Url."));

        foreach (var (channel, channelOptions) in options.Channels)
        {
            if (NameShape.IsMatch(channel))
            {
                Check($"{StaleReportOptions.Section}:Channels:{channel}", channelOptions, failures);
            }
            else
            {
                failures.Add($"{StaleReportOptions.Section}:Channels must be numbered, or have names of up to 32 letters, digits, - and _.");
            }
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }

    private void Check(string key, ReportChannelOptions channel, List<string> failures)
    {
        if (channel.NamedKind is not { } kind)
        {
            failures.Add($"{key}:Kind must be {Kinds}.");
            return;
        }

        if (ValidateUrl($"{key}:Url", channel.Url) is { } invalidUrl)
        {
            failures.Add(invalidUrl);
        }

        switch (kind, channel.Secret)
        {
            case (ReportChannelKind.Webhook, null or ""):
                failures.Add($"{key}:Secret is not set; a webhook is signed with one.");
                break;
            case (_, null or ""):
                break;
            case (ReportChannelKind.Webhook, { } secret):
                failures.AddRange(SigningKeys.Validate($"{key}:Secret", secret, SigningKeys.OfStandardWebhooks));
                break;
            case (ReportChannelKind.DingTalk or ReportChannelKind.Feishu, { } secret):
                failures.AddRange(SigningKeys.Validate($"{key}:Secret", secret, SigningKeys.OfText));
                break;
            default:
                failures.Add($"{key}:Secret must not be set; {kind} knows none.");
                break;
        }
    }

    private string? ValidateUrl(string key, string? url) => url switch
    {
        null or "" => $"{key} is not set.",
        _ when url.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) =>
            $"{key} is a reference to a vault that could not be resolved.",
        _ when Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Host.Length: > 0, UserInfo: "" }
            && (parsed.Scheme == Uri.UriSchemeHttps || IsLocal(parsed)) => null,
        _ => $"{key} must be an https address.",
    };

    private bool IsLocal(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && environment.IsDevelopment();

    [GeneratedRegex("^[0-9A-Za-z_-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
