using Azure.Core;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Alibaba;

/// <summary>Makes the Azure clients that read the vault.</summary>
internal static class VaultClients
{
    /// <summary>A managed identity in Azure; on a developer's machine whoever is signed in to its tools.</summary>
    public static TokenCredential Credential(KeyVaultOptions options, IHostEnvironment environment) => environment.IsDevelopment()
        ? new ChainedTokenCredential(
            new AzureCliCredential(), new AzureDeveloperCliCredential(), new AzurePowerShellCredential(), new VisualStudioCredential())
        : new ManagedIdentityCredential(options.ManagedIdentityClientId is { Length: > 0 } clientId
            ? ManagedIdentityId.FromUserAssignedClientId(clientId)
            : ManagedIdentityId.SystemAssigned);

    /// <summary>The defaults wait 100 seconds for a network that is gone; a caller of ours is waiting meanwhile.</summary>
    public static SecretClientOptions Options() => new()
    {
        Retry =
        {
            MaxRetries = 2,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(1),
            NetworkTimeout = TimeSpan.FromSeconds(3),
        },
        Diagnostics = { IsLoggingContentEnabled = false },
    };
}
