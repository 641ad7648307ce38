using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Configuration section <c>KeyVault</c>: where the Alibaba access key is kept.</summary>
public sealed class KeyVaultOptions
{
    public const string Section = "KeyVault";

    /// <summary>
    /// The vault, such as <c>https://contoso.vault.azure.net</c>; without it the environment serves, in Development only.
    /// </summary>
    public Uri? Uri { get; set; }

    /// <summary>The secret with the access key: <c>{"accessKeyId","accessKeySecret","securityToken"?}</c>.</summary>
    [Required]
    [RegularExpression(
        "[0-9A-Za-z-]{1,127}", ErrorMessage = "KeyVault:CredentialsSecretName must be 1 to 127 letters, digits and hyphens.")]
    public string CredentialsSecretName { get; set; } = "alibaba-credentials";

    /// <summary>The client id of a user-assigned identity; the system-assigned one without it.</summary>
    public string? ManagedIdentityClientId { get; set; }

    /// <summary>How long a read serves.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan CacheFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a read goes on serving while the vault is away.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan MaxStale { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Checks at start-up that there is a place for the credentials to come from.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment, IConfiguration configuration)
    {
        if (Uri is not null)
        {
            return Uri is { IsAbsoluteUri: true, Scheme: "https", PathAndQuery: "/" }
                ? []
                : ["KeyVault:Uri must be the address of a vault, such as https://contoso.vault.azure.net."];
        }

        if (!environment.IsDevelopment())
        {
            return ["KeyVault:Uri is not set. Outside of the Development environment the Alibaba access key comes from a Key Vault only."];
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
