namespace EdsFunctions.Core.Signatures;

/// <summary>How each sender signs.</summary>
public static class SignatureSchemes
{
    /// <summary>https://api.slack.com/authentication/verifying-requests-from-slack</summary>
    public static SignatureScheme Slack { get; } = new()
    {
        SignatureHeader = "X-Slack-Signature",
        Prefix = "v0=",
        Decode = SignatureScheme.Hex,
        TimestampHeader = "X-Slack-Request-Timestamp",
        MaxAge = 300,
        Content = (_, _, timestamp, body) => [.. Encoding.ASCII.GetBytes($"v0:{timestamp}:"), .. body],
        ParseKeys = SigningKeys.OfText,
    };

    /// <summary>
    /// Outgoing webhooks of Microsoft Teams, which sign no time
    /// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook).
    /// </summary>
    public static SignatureScheme Teams { get; } = new()
    {
        SignatureHeader = "Authorization",
        Prefix = "HMAC ",
        PrefixComparison = StringComparison.OrdinalIgnoreCase,
        Decode = SignatureScheme.Base64,
        Content = (_, _, _, body) => body.ToArray(),
        ParseKeys = SigningKeys.OfBase64,
    };

    /// <summary>
    /// Callbacks of a DingTalk robot, with a timestamp in milliseconds. The secret is the key and a part of what is signed; the body
    /// is not (https://open.dingtalk.com/document/orgapp/receive-message).
    /// </summary>
    public static SignatureScheme DingTalk { get; } = new()
    {
        SignatureHeader = "sign",
        Decode = SignatureScheme.Base64,
        TimestampHeader = "timestamp",
        MaxAge = 60 * 60 * 1000,
        Now = time => time.ToUnixTimeMilliseconds(),
        Content = (key, _, timestamp, _) => [.. Encoding.ASCII.GetBytes($"{timestamp}\n"), .. key],
        ParseKeys = SigningKeys.OfText,
    };

    /// <summary>https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; no time is signed.</summary>
    public static SignatureScheme GitHub { get; } = new()
    {
        SignatureHeader = "X-Hub-Signature-256",
        Prefix = "sha256=",
        Decode = SignatureScheme.Hex,
        Content = (_, _, _, body) => body.ToArray(),
        ParseKeys = SigningKeys.OfText,
    };

    /// <summary>https://github.com/standard-webhooks/standard-webhooks; its other versions are skipped.</summary>
    public static SignatureScheme StandardWebhooks { get; } = new()
    {
        SignatureHeader = StandardWebhooksHeaders.Signature,
        Prefix = "v1,",
        IsList = true,
        Decode = SignatureScheme.Base64,
        IdHeader = StandardWebhooksHeaders.Id,
        TimestampHeader = StandardWebhooksHeaders.Timestamp,
        MaxAge = 300,
        Content = (_, id, timestamp, body) => [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body],
        ParseKeys = SigningKeys.OfStandardWebhooks,
    };
}

/// <summary>The headers of a Standard Webhook, which the app receives and sends.</summary>
internal static class StandardWebhooksHeaders
{
    public const string Id = "webhook-id";
    public const string Timestamp = "webhook-timestamp";
    public const string Signature = "webhook-signature";
}
