using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Configuration section <c>KeyVault</c>: the secret with the Alibaba access key.</summary>
public sealed class KeyVaultOptions
{
    public const string Section = "KeyVault";

    /// <summary>
    /// The https URL of the vault, such as <c>https://contoso.vault.azure.net</c>. In Development, the setting is
    /// optional: without a vault, the app reads the environment variables <c>ALIBABA_CLOUD_*</c>. Default: none.
    /// </summary>
    public Uri? Uri { get; set; }

    /// <summary>
    /// The name of the secret with the access key: 1 to 127 letters, digits and hyphens. The value of the secret is
    /// JSON: <c>{"accessKeyId","accessKeySecret","securityToken"?}</c>. Default: <c>alibaba-credentials</c>.
    /// </summary>
    [Required]
    [RegularExpression(
        "[0-9A-Za-z-]{1,127}",
        ErrorMessage = "KeyVault:CredentialsSecretName must be 1 to 127 letters, digits and hyphens.")]
    public string CredentialsSecretName { get; set; } = "alibaba-credentials";

    /// <summary>
    /// The client id of the user-assigned identity with which the app signs in. Default: none, for the system-assigned
    /// identity.
    /// </summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>How long the app caches the access key: 0 to 1 day. Default: 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long the app uses the cached access key while the vault is unavailable, from the last read of the vault: 0
    /// to 30 days. Default: 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Checks that the settings name a source of the Alibaba access key.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment, IConfiguration configuration)
    {
        if (Uri is not null)
        {
            return Uri is { IsAbsoluteUri: true, Scheme: "https", PathAndQuery: "/" }
                ? []
                : ["KeyVault:Uri must be the https URL of a vault, such as https://contoso.vault.azure.net."];
        }

        if (!environment.IsDevelopment())
        {
            return
            [
                "KeyVault:Uri is not set. Outside the Development environment, the app reads the Alibaba access key " +
                "from a Key Vault only.",
            ];
        }

        try
        {
            EnvironmentCredentialSource.Read(configuration);
            return [];
        }
        catch (CredentialsUnavailableException e)
        {
            return [e.Message];
        }
    }
}
