using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.StandardWebhooks;

/// <summary>
/// Webhook senders that sign as Standard Webhooks (https://www.standardwebhooks.com). The app also signs its own
/// webhooks in this way.
/// </summary>
internal static class StandardWebhooksSender
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The minimum length of a key, as the specification of Standard Webhooks requires.</summary>
    public const int MinKeyBytes = 24;

    /// <summary>
    /// The signature scheme of Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks). Signatures
    /// of other versions than <c>v1</c> are skipped.
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = SignatureHeader,
        Prefix = "v1,",
        IsList = true,
        Decode = SignatureScheme.Base64,
        IdHeader = IdHeader,
        TimestampHeader = TimestampHeader,
        MaxAge = 300,
        Content = (_, id, timestamp, body) => [.. Encoding.ASCII.GetBytes($"{id}.{timestamp}."), .. body],
        ParseKeys = ParseKeys,
    };

    /// <summary>The signature scheme with the header names of Svix, from which Standard Webhooks come.</summary>
    private static readonly SignatureScheme Svix = Signature with
    {
        SignatureHeader = "svix-signature",
        IdHeader = "svix-id",
        TimestampHeader = "svix-timestamp",
    };

    /// <summary>Decodes the configured secrets from base64, with or without the prefix <c>whsec_</c>.</summary>
    /// <exception cref="FormatException">A secret is invalid. The message does not contain the secret.</exception>
    public static SigningKeys ParseKeys(IEnumerable<string> secrets) => SigningKeys.FromBase64(secrets, "whsec_");

    public static IServiceCollection AddStandardWebhooks(this IServiceCollection services) => services
        .AddWebhookSender("Standard", [Signature, Svix], MinKeyBytes)
        .AddSingleton<ChannelKind, WebhookChannel>();
}
