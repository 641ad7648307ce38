using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.GitHub;

/// <summary>
/// Webhook senders that use the signature scheme of GitHub: GitHub itself, and systems with other header names.
/// </summary>
internal static class GitHubSender
{
    /// <summary>
    /// GitHub's signature scheme (https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries). The
    /// signature covers the body, but no time.
    /// </summary>
    public static SignatureScheme Signature { get; } = new()
    {
        SignatureHeader = "X-Hub-Signature-256",
        Prefix = "sha256=",
        PrefixComparison = StringComparison.OrdinalIgnoreCase,
        Decode = SignatureScheme.Hex,
        Content = (_, _, _, body) => body.ToArray(),
        ParseKeys = SigningKeys.FromText,
    };

    /// <summary>
    /// The variants of GitHub's scheme. In Jira and Bitbucket, the header name does not end with <c>-256</c>. In Gitea
    /// and its forks, the signature has no prefix.
    /// </summary>
    private static readonly SignatureScheme[] Schemes =
    [
        Signature,
        Signature with { SignatureHeader = "X-Hub-Signature" },
        .. new[] { "X-Gitea-Signature", "X-Gogs-Signature", "X-Forgejo-Signature" }
            .Select(header => Signature with { SignatureHeader = header, Prefix = "" }),
    ];

    public static IServiceCollection AddGitHub(this IServiceCollection services) =>
        services.AddWebhookSender("GitHub", Schemes, SigningKeys.MinBytes);
}
