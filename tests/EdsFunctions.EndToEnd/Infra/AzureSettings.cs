using System.Text.RegularExpressions;

namespace EdsFunctions.Tests.Infra;

/// <summary>The app's settings as Azure hands them to the app: what is known once the resources exist is filled in, and secrets are read.</summary>
internal static partial class AzureSettings
{
    public const string ClientId = "11111111-2222-3333-4444-555555555555";
    public const string VaultUri = "https://contoso.vault.azure.net/";
    public const string TableUri = "https://contoso.table.core.windows.net/";
    public const string ConnectionString =
        "InstrumentationKey=66666666-7777-8888-9999-000000000000;IngestionEndpoint=https://southeastasia-1.in.applicationinsights.azure.com/";

    /// <summary>Base64, which every scheme takes.</summary>
    public const string SigningSecret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string Identity = "Microsoft.ManagedIdentity/userAssignedIdentities";

    public static Dictionary<string, string> Evaluate(Snapshot snapshot)
    {
        var vault = snapshot.Single("Microsoft.KeyVault/vaults").Name;
        return snapshot.Settings().ToDictionary(setting => setting.Key, setting =>
            IsReference(setting.Value) ? Read(SecretName(setting.Value, vault))
            : setting.Value.StartsWith('[') ? Evaluate(setting.Value, snapshot)
            : setting.Value);
    }

    public static bool IsReference(string value) => value.StartsWith("@Microsoft.KeyVault(", StringComparison.Ordinal);

    public static string SecretName(string reference, string vault)
    {
        var match = Reference.Match(reference);
        Assert.True(match.Success && match.Groups["vault"].Value == vault, reference);
        return match.Groups["secret"].Value;
    }

    private static string Read(string secret) => secret.EndsWith("-url", StringComparison.Ordinal) ? $"https://example.com/{secret}" : SigningSecret;

    private static string Evaluate(string expression, Snapshot snapshot)
    {
        var match = Property.Match(expression);
        Assert.True(match.Success, expression);
        var resource = Assert.Single(snapshot.Resources, resource => resource.Id == match.Groups["id"].Value);
        var value = (resource.Type, match.Groups["property"].Value) switch
        {
            (Identity, "clientId") => ClientId,
            ("Microsoft.KeyVault/vaults", "vaultUri") => VaultUri,
            ("Microsoft.Storage/storageAccounts", "primaryEndpoints.table") => TableUri,
            ("Microsoft.Insights/components", "ConnectionString") => ConnectionString,
            _ => throw new InvalidOperationException($"Nobody knows the value of {expression}."),
        };
        return match.Groups["format"].Success
            ? match.Groups["format"].Value.Replace("{0}", value, StringComparison.Ordinal)
            : value;
    }

    [GeneratedRegex(@"^@Microsoft\.KeyVault\(VaultName=(?<vault>[\w-]+);SecretName=(?<secret>[\w-]+)\)$")]
    private static partial Regex Reference { get; }

    [GeneratedRegex(@"^\[(format\('(?<format>[^']*)', )?reference\('(?<id>[^']+)', '[\w-]+'\)\.(?<property>[\w.]+)\)?\]$")]
    private static partial Regex Property { get; }
}
