using System.Text.RegularExpressions;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using NCrontab;

namespace EdsFunctions.Core.Notifications;

/// <summary>Validates the schedule, the language, the heartbeat and the channels, without repeating an address or a secret.</summary>
internal sealed partial class ReportChannelsValidator(IHostEnvironment environment, IConfiguration configuration)
{
    private static readonly string Kinds =
        $"{string.Join(", ", Enum.GetNames<ReportChannelKind>()[..^1])} or {Enum.GetNames<ReportChannelKind>()[^1]}";

    public IEnumerable<string> Validate(StaleReportOptions options) =>
    [
        .. ValidateSchedule(options.Schedule),
        .. Localizer.Validate($"{StaleReportOptions.Section}:Language", options.Language),
        .. string.IsNullOrEmpty(options.HeartbeatUrl) ? [] : ValidateUrl($"{StaleReportOptions.Section}:HeartbeatUrl", options.HeartbeatUrl),
        // The configuration binder silently drops what does not have the form of a channel.
        .. configuration.GetSection($"{StaleReportOptions.Section}:Channels").GetChildren()
            .Where(channel => !options.Channels.ContainsKey(channel.Key) && NameShape.IsMatch(channel.Key))
            .Select(channel => $"{StaleReportOptions.Section}:Channels:{channel.Key} must have a Kind and a Url."),
        .. options.Channels.SelectMany(channel => NameShape.IsMatch(channel.Key)
            ? ValidateChannel($"{StaleReportOptions.Section}:Channels:{channel.Key}", channel.Value)
            : [$"{StaleReportOptions.Section}:Channels must be numbered, or have names of up to 32 letters, digits, - and _."]),
    ];

    /// <summary>With the parser of the Functions host: a schedule that the host cannot parse would never run.</summary>
    private static IEnumerable<string> ValidateSchedule(string schedule) =>
        CrontabSchedule.TryParse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true }) is not null
            ? []
            :
            [
                $"{StaleReportOptions.ScheduleSetting} must be an NCRONTAB expression of six fields, " +
                "such as 0 */15 * * * * for every 15 minutes.",
            ];

    private IEnumerable<string> ValidateChannel(string key, ReportChannelOptions channel) => channel.NamedKind is { } kind
        ? [.. ValidateUrl($"{key}:Url", channel.Url), .. ValidateSecret($"{key}:Secret", kind, channel.Secret)]
        : [$"{key}:Kind must be {Kinds}."];

    private static IEnumerable<string> ValidateSecret(string key, ReportChannelKind kind, string? secret) => (kind, secret) switch
    {
        (ReportChannelKind.Webhook, null or "") => [$"{key} is not set; a webhook is signed with one."],
        (_, null or "") => [],
        (ReportChannelKind.Webhook, _) => SigningKeys.Validate(
            key, secret, SigningKeys.OfStandardWebhooks, SigningKeys.MinStandardWebhooksBytes),
        (ReportChannelKind.DingTalk or ReportChannelKind.Feishu, _) => SigningKeys.Validate(key, secret, SigningKeys.OfText, minBytes: 1),
        _ => [$"{key} must not be set; {kind} knows none."],
    };

    private IEnumerable<string> ValidateUrl(string key, string? url) => url switch
    {
        null or "" => [$"{key} is not set."],
        _ when SigningKeys.IsUnresolvedReference(url) => [$"{key} is a reference to a vault that could not be resolved."],
        _ when Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Host.Length: > 0, UserInfo: "" }
            && (parsed.Scheme == Uri.UriSchemeHttps || IsLocal(parsed)) => [],
        _ => [$"{key} must be an https address."],
    };

    private bool IsLocal(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && environment.IsDevelopment();

    [GeneratedRegex("^[0-9A-Za-z_-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
