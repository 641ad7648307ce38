using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>Resolves references to resources and secrets in app settings, as Azure does.</summary>
internal static partial class AzureSettings
{
    public const string ClientId = "11111111-2222-3333-4444-555555555555";
    public const string VaultUri = "https://contoso.vault.azure.net/";
    public const string TableUri = "https://contoso.table.core.windows.net/";
    public const string BlobUri = "https://contoso.blob.core.windows.net/";
    public const string QueueUri = "https://contoso.queue.core.windows.net/";
    public const string ConnectionString =
        "InstrumentationKey=66666666-7777-8888-9999-000000000000;"
        + "IngestionEndpoint=https://southeastasia-1.in.applicationinsights.azure.com/";

    public static Dictionary<string, string> Resolve(Snapshot snapshot) =>
        snapshot.Settings().ToDictionary(setting => setting.Key, setting => Resolve(setting.Value, snapshot));

    /// <summary>
    /// A value for a secret: a URL if the name ends with -url, otherwise base64, which all signature schemes accept.
    /// </summary>
    public static string Secret(string name) => name.EndsWith("-url", StringComparison.Ordinal)
        ? $"https://example.com/{name}"
        : Convert.ToBase64String(Encoding.UTF8.GetBytes(name.PadRight(32)));

    private static string Resolve(string value, Snapshot snapshot)
    {
        if (VaultReference.Match(value) is { Success: true } reference)
        {
            Assert.Equal(snapshot.Single("Microsoft.KeyVault/vaults").Name, reference.Groups["vault"].Value);
            return Secret(reference.Groups["secret"].Value);
        }

        if (!value.StartsWith('['))
        {
            return value;
        }

        var match = ResourceProperty.Match(value);
        Assert.True(match.Success, value);
        var resource = Assert.Single(snapshot.Resources, resource => resource.Id == match.Groups["id"].Value);
        var property = $"{resource.Type} {match.Groups["property"].Value}" switch
        {
            "Microsoft.ManagedIdentity/userAssignedIdentities clientId" => ClientId,
            "Microsoft.KeyVault/vaults vaultUri" => VaultUri,
            "Microsoft.Storage/storageAccounts primaryEndpoints.table" => TableUri,
            "Microsoft.Storage/storageAccounts primaryEndpoints.blob" => BlobUri,
            "Microsoft.Storage/storageAccounts primaryEndpoints.queue" => QueueUri,
            "Microsoft.Insights/components ConnectionString" => ConnectionString,
            var unknown => throw new InvalidOperationException($"No value is defined for {unknown}."),
        };
        return match.Groups["format"] is { Success: true } format
            ? format.Value.Replace("{0}", property, StringComparison.Ordinal)
            : property;
    }

    [GeneratedRegex(@"^@Microsoft\.KeyVault\(VaultName=(?<vault>[\w-]+);SecretName=(?<secret>[\w-]+)\)$")]
    private static partial Regex VaultReference { get; }

    [GeneratedRegex(
        @"^\[(format\('(?<format>[^']*)', )?reference\('(?<id>[^']+)', '[\w-]+'\)\.(?<property>[\w.]+)\)?\]$")]
    private static partial Regex ResourceProperty { get; }
}
