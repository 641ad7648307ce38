using System.Text.RegularExpressions;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Checks at start-up where reports are sent, and never says what the addresses and the secrets are.</summary>
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
            && ReportUrl.Complaint($"{StaleReportOptions.Section}:HeartbeatUrl", heartbeat, environment) is { } complaint)
        {
            failures.Add(complaint);
        }

        // What has not the form of a channel is left out of the options without a word, and would be missed later.
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

        if (ReportUrl.Complaint($"{key}:Url", channel.Url, environment) is { } complaint)
        {
            failures.Add(complaint);
        }

        switch (kind, channel.Secret)
        {
            case (ReportChannelKind.Webhook, null or ""):
                failures.Add($"{key}:Secret is not set; a webhook is signed with one.");
                break;
            case (_, null or ""):
                break;
            case (ReportChannelKind.Webhook, { } secret):
                SecretSettings.Check($"{key}:Secret", secret, SigningKeys.OfStandardWebhooks, failures);
                break;
            case (ReportChannelKind.DingTalk or ReportChannelKind.Feishu, { } secret):
                SecretSettings.Check($"{key}:Secret", secret, SigningKeys.OfText, failures);
                break;
            default:
                failures.Add($"{key}:Secret must not be set; {kind} knows none.");
                break;
        }
    }

    [GeneratedRegex("^[0-9A-Za-z_-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
