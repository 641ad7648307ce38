using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.GitHub;

/// <summary>Webhooks with the signature of GitHub.</summary>
internal static class GitHubSender
{
    /// <summary>https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; signs no time.</summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "X-Hub-Signature-256",
        Prefix = "sha256=",
        Decode = SignatureScheme.Hex,
        Content = (_, _, _, body) => body.ToArray(),
        ParseKeys = SigningKeys.FromText,
    };

    public static IServiceCollection AddGitHub(this IServiceCollection services) =>
        services.AddWebhookSender("GitHub", Signature, SigningKeys.MinBytes);
}
