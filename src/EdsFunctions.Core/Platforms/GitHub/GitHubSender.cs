using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.GitHub;

/// <summary>Webhooks with the signature of GitHub, which others send under other names.</summary>
internal static class GitHubSender
{
    /// <summary>https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries; signs no time.</summary>
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
    /// Jira and Bitbucket leave out the suffix of the name; Gitea and its forks send only the digits.
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
