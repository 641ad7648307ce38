using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.StandardWebhooks;

/// <summary>Standard Webhooks (https://www.standardwebhooks.com), which the app receives and sends.</summary>
internal static class StandardWebhooksSender
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>The minimum length of a key by the specification.</summary>
    public const int MinKeyBytes = 24;

    /// <summary>
    /// https://github.com/standard-webhooks/standard-webhooks; signatures of other versions are skipped.
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

    /// <summary>Svix, where the scheme comes from, uses header names of its own.</summary>
    private static readonly SignatureScheme Svix = Signature with
    {
        SignatureHeader = "svix-signature",
        IdHeader = "svix-id",
        TimestampHeader = "svix-timestamp",
    };

    /// <summary>Decodes secrets from base64, with or without the prefix <c>whsec_</c>.</summary>
    /// <exception cref="FormatException">A secret is invalid; the message does not repeat it.</exception>
    public static SigningKeys ParseKeys(IEnumerable<string> secrets) => SigningKeys.FromBase64(secrets, "whsec_");

    public static IServiceCollection AddStandardWebhooks(this IServiceCollection services) => services
        .AddWebhookSender("Standard", [Signature, Svix], MinKeyBytes)
        .AddSingleton<ChannelKind, WebhookChannel>();
}
