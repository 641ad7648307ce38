using System.Text.RegularExpressions;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Notifications;

/// <summary>Validates <see cref="StaleReportOptions"/>. Errors contain no URL and no secret.</summary>
internal sealed partial class ReportChannelsValidator(
    IHostEnvironment environment,
    IConfiguration configuration,
    ChannelKinds kinds,
    ClosedSections closed) : IValidateOptions<StaleReportOptions>
{
    public ValidateOptionsResult Validate(string? name, StaleReportOptions options) =>
        GetErrors(options).ToArray() is { Length: > 0 } errors
            ? ValidateOptionsResult.Fail(errors)
            : ValidateOptionsResult.Success;

    private IEnumerable<string> GetErrors(StaleReportOptions options) =>
    [
        .. ValidateSchedule(options.Schedule),
        .. Localizer.Validate($"{StaleReportOptions.Section}:Language", options.Language),
        .. string.IsNullOrEmpty(options.HeartbeatUrl)
            ? []
            : closed.Close(
                Heartbeat.Setting,
                [options.HeartbeatUrl],
                [.. ValidateUrl(Heartbeat.Setting, options.HeartbeatUrl)]),
        // Check for a channel that is a single value instead of a section, because the configuration binder ignores it.
        .. configuration.GetSection($"{StaleReportOptions.Section}:Channels").GetChildren()
            .Where(channel => !options.Channels.ContainsKey(channel.Key) && NameShape.IsMatch(channel.Key))
            .Select(channel =>
                $"{StaleReportOptions.Section}:Channels:{channel.Key} must be a section with Kind and Url."),
        .. options.Channels.SelectMany(channel => NameShape.IsMatch(channel.Key)
            ? ValidateChannel(MessageChannel.GetSection(channel.Key), channel.Value)
            : [$"{StaleReportOptions.Section}:Channels has an invalid name. Use up to 32 letters, digits, - and _."]),
    ];

    /// <summary>
    /// Validates the schedule of the timer: with an invalid schedule, the Functions host would never run the timer.
    /// </summary>
    private static IEnumerable<string> ValidateSchedule(string schedule) =>
        QuotedText.IsQuoted(schedule) ? [$"{StaleReportOptions.ScheduleSetting} {QuotedText.Error}."]
        : StaleReportOptions.ParseSchedule(schedule) is not null ? []
        :
            [
                $"{StaleReportOptions.ScheduleSetting} must be an NCRONTAB expression of six fields, " +
                "such as 0 */15 * * * * for every 15 minutes.",
            ];

    private IEnumerable<string> ValidateChannel(string key, ReportChannelOptions channel) =>
        kinds.Find(channel.Kind) is { } kind
            ? closed.Close(
                key,
                [channel.Url, channel.Secret],
                [.. ValidateUrl($"{key}:Url", channel.Url), .. kind.ValidateSecret($"{key}:Secret", channel.Secret)])
            : [$"{key}:Kind must be {kinds.Names}."];

    private IEnumerable<string> ValidateUrl(string key, string? url) => url switch
    {
        null or "" => [$"{key} is not set."],
        _ when QuotedText.IsQuoted(url) => [$"{key} {QuotedText.Error}."],
        _ when SigningKeys.IsUnresolvedReference(url) =>
            [$"{key} is a Key Vault reference that could not be resolved."],
        _ when Uri.TryCreate(url, UriKind.Absolute, out var parsed) && parsed is { Host.Length: > 0, UserInfo: "" }
            && (parsed.Scheme == Uri.UriSchemeHttps || IsLocal(parsed)) => [],
        _ => [$"{key} must be an https URL."],
    };

    private bool IsLocal(Uri url) => url.Scheme == Uri.UriSchemeHttp && url.IsLoopback && environment.IsDevelopment();

    [GeneratedRegex("^[0-9A-Za-z_-]{1,32}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
