using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.StandardWebhooks;

/// <summary>Standard Webhooks (https://www.standardwebhooks.com), which the app receives and sends.</summary>
internal static class StandardWebhooksSender
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

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
        ParseKeys = SigningKeys.FromStandardWebhooks,
    };

    /// <summary>Svix, where the scheme comes from, has names of its own.</summary>
    private static readonly SignatureScheme Svix = Signature with
    {
        SignatureHeader = "svix-signature",
        IdHeader = "svix-id",
        TimestampHeader = "svix-timestamp",
    };

    public static IServiceCollection AddStandardWebhooks(this IServiceCollection services) => services
        .AddWebhookSender("Standard", [Signature, Svix], SigningKeys.MinStandardWebhooksBytes)
        .AddSingleton<ChannelKind, WebhookChannel>();
}
