namespace EdsFunctions.Core.Signatures;

/// <summary>Configuration section <c>Webhooks</c>: the secrets that webhooks are signed with. Without any the route refuses.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Secrets of Standard Webhooks: base64, with or without <c>whsec_</c> before it.</summary>
    public IList<string> StandardSecrets { get; } = [];

    /// <summary>Secrets of webhooks that are signed as GitHub's are.</summary>
    public IList<string> GitHubSecrets { get; } = [];

    /// <summary>Checks them at start-up.</summary>
    internal IEnumerable<string> Validate() =>
    [
        .. SigningKeys.Validate($"{Section}:StandardSecrets", StandardSecrets, SigningKeys.OfStandardWebhooks, SigningKeys.MinStandardWebhooksBytes),
        .. SigningKeys.Validate($"{Section}:GitHubSecrets", GitHubSecrets, SigningKeys.OfText),
    ];
}
