using System.Net;
using System.Text.RegularExpressions;
using EdsFunctions.Core.ChatOps;
using EdsFunctions.Core.ChatOps.Commands;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;
using Microsoft.AspNetCore.WebUtilities;

namespace EdsFunctions.Core.Platforms.Slack;

/// <summary>
/// Receives slash commands from Slack (https://docs.slack.dev/interactivity/implementing-slash-commands).
/// </summary>
public sealed partial class SlackPlatform(IOptionsMonitor<ChatPlatformOptions> options)
    : ChatPlatform(PlatformName, Signature, options)
{
    public const string PlatformName = "Slack";

    /// <summary>Slack's signature scheme: https://api.slack.com/authentication/verifying-requests-from-slack</summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "X-Slack-Signature",
        Prefix = "v0=",
        Decode = SignatureScheme.Hex,
        TimestampHeader = "X-Slack-Request-Timestamp",
        MaxAge = 300,
        Content = (_, _, timestamp, body) => [.. Encoding.ASCII.GetBytes($"v0:{timestamp}:"), .. body],
        ParseKeys = SigningKeys.FromText,
    };

    /// <summary>
    /// The maximum number of fields in a delivery, as a protection against abuse. A slash command has about fifteen
    /// fields.
    /// </summary>
    private const int MaxFields = 64;

    /// <inheritdoc/>
    public override DeliveryParseResult Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in new QueryStringEnumerable(Encoding.UTF8.GetString(body.Span).AsMemory()))
        {
            if (fields.Count == MaxFields
                || !fields.TryAdd(pair.DecodeName().ToString(), pair.DecodeValue().ToString()))
            {
                return new DeliveryParseResult.Malformed("must be the form of a Slack command, with each field once");
            }
        }

        if (fields.GetValueOrDefault("ssl_check") == "1")
        {
            return new DeliveryParseResult.Ping();
        }

        return fields.GetValueOrDefault("trigger_id") is { Length: > 0 } trigger
            ? new DeliveryParseResult.Command(new ChatDelivery(
                $"{fields.GetValueOrDefault("team_id")} {trigger}",
                fields.GetValueOrDefault("user_id"),
                fields.GetValueOrDefault("user_name"),
                [fields.GetValueOrDefault("channel_id")],
                Unescape(fields.GetValueOrDefault("text") ?? ""),
                ParseReplyUrl("hooks.slack.com", fields.GetValueOrDefault("response_url"))))
            : new DeliveryParseResult.Malformed("must be the form of a Slack command, with a trigger_id");
    }

    /// <inheritdoc/>
    public override JsonObject Reply(Message message, bool isPublic)
    {
        var payload = SlackFormat.Payload(message);
        payload["response_type"] = isPublic ? "in_channel" : "ephemeral";
        return payload;
    }

    /// <summary>
    /// Restores the text that the user typed. Slack turns links and phone numbers into <c>&lt;target|label&gt;</c>, and
    /// mentions of users and groups into <c>&lt;@id|name&gt;</c> and <c>&lt;!id|name&gt;</c>. To Slack, an account ID
    /// looks like a phone number.
    /// </summary>
    private static string Unescape(string text) => WebUtility.HtmlDecode(Link.Replace(
        Mention.Replace(text, " "),
        match => CommandLink.Choose(
            match.Groups["target"].Value, match.Groups["label"] is { Success: true } label ? label.Value : null)));

    [GeneratedRegex("<[@!][^<>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Mention { get; }

    [GeneratedRegex(
        @"<(?:tel:|mailto:)?(?<target>[^<>|]*)(?:\|(?<label>[^<>]*))?>",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Link { get; }
}
