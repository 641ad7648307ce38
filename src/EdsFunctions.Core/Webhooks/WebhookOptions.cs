namespace EdsFunctions.Core.Webhooks;

/// <summary>Configuration section <c>Webhooks</c>: the secrets that webhooks are signed with. Without any the route refuses.</summary>
public sealed class WebhookOptions
{
    public const string Section = "Webhooks";

    /// <summary>Secrets of Standard Webhooks: base64, with or without <c>whsec_</c> before it.</summary>
    public IList<string> StandardSecrets { get; } = [];

    /// <summary>Secrets of webhooks that are signed as GitHub's are.</summary>
    public IList<string> GitHubSecrets { get; } = [];
}

/// <summary>Checks <see cref="WebhookOptions"/> at start-up.</summary>
internal sealed class WebhookOptionsValidator : IValidateOptions<WebhookOptions>
{
    public ValidateOptionsResult Validate(string? name, WebhookOptions options)
    {
        string[] failures =
        [
            .. SigningKeys.Validate(
                $"{WebhookOptions.Section}:StandardSecrets", options.StandardSecrets, SigningKeys.OfStandardWebhooks),
            .. SigningKeys.Validate($"{WebhookOptions.Section}:GitHubSecrets", options.GitHubSecrets, SigningKeys.OfText),
        ];
        return failures.Length > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
