using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.GitHub;

/// <summary>Webhooks with the signature of GitHub, which other senders use with other header names.</summary>
internal static class GitHubSender
{
    /// <summary>
    /// See https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries. The signature covers no time.
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
    /// Jira and Bitbucket leave out <c>-256</c> in the header name. Gitea and its forks leave out the prefix of the
    /// signature.
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
