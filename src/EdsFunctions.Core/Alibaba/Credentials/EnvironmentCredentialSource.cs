using EdsFunctions.Core.Common;
using Microsoft.Extensions.Configuration;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Reads the Alibaba access key from the environment variables that Alibaba's own tools use. For Development, where a
/// Key Vault is optional.
/// </summary>
internal sealed class EnvironmentCredentialSource(IConfiguration configuration) : ICredentialSource
{
    public const string AccessKeyId = "ALIBABA_CLOUD_ACCESS_KEY_ID";
    public const string AccessKeySecret = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
    public const string SecurityToken = "ALIBABA_CLOUD_SECURITY_TOKEN";

    private readonly AlibabaCredentials credentials = Read(configuration);

    public string Description => $"environment variable {AccessKeyId}";

    public ValueTask<AlibabaCredentials> GetAsync(CancellationToken cancellationToken) => new(credentials);

    public ValueTask<AlibabaCredentials> RefreshAsync(
        AlibabaCredentials rejected, CancellationToken cancellationToken) => new(credentials);

    /// <exception cref="CredentialsUnavailableException">An environment variable is missing or malformed.</exception>
    public static AlibabaCredentials Read(IConfiguration configuration)
    {
        var id = configuration[AccessKeyId]?.Trim();
        var secret = configuration[AccessKeySecret]?.Trim();
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(secret))
        {
            throw new CredentialsUnavailableException(
                "There are no Alibaba credentials: set KeyVault:Uri, or the environment variables " +
                $"{AccessKeyId} and {AccessKeySecret}.");
        }

        foreach (var name in new[] { AccessKeyId, AccessKeySecret, SecurityToken })
        {
            if (QuotedText.IsQuoted(configuration[name]))
            {
                throw new CredentialsUnavailableException($"{name} {QuotedText.Error}.");
            }
        }

        try
        {
            var token = configuration[SecurityToken]?.Trim();
            return new AlibabaCredentials(id, secret, string.IsNullOrEmpty(token) ? null : token);
        }
        catch (ArgumentException e)
        {
            throw new CredentialsUnavailableException($"{e.Message} Check the environment variables ALIBABA_CLOUD_*.");
        }
    }
}
