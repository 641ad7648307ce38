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
}

/// <summary>Checks <see cref="KeyVaultOptions"/> at start-up.</summary>
[OptionsValidator]
internal sealed partial class KeyVaultOptionsValidator : IValidateOptions<KeyVaultOptions>;

/// <summary>Checks at start-up that there is a place for the credentials to come from.</summary>
internal sealed class CredentialSourceValidator(IHostEnvironment environment, IConfiguration configuration)
    : IValidateOptions<KeyVaultOptions>
{
    public ValidateOptionsResult Validate(string? name, KeyVaultOptions options)
    {
        if (options.Uri is { } uri)
        {
            return uri is { IsAbsoluteUri: true, Scheme: "https", PathAndQuery: "/" }
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail("KeyVault:Uri must be the address of a vault, such as https://contoso.vault.azure.net.");
        }

        if (!environment.IsDevelopment())
        {
            return ValidateOptionsResult.Fail(
                "KeyVault:Uri is not set. Outside of the Development environment the Alibaba access key comes from a Key Vault only.");
        }

        try
        {
            EnvironmentCredentialSource.Read(configuration);
            return ValidateOptionsResult.Success;
        }
        catch (CredentialsUnavailableException e)
        {
            return ValidateOptionsResult.Fail(e.Message);
        }
    }
}
