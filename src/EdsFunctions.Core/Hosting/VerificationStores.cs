using Azure.Core;
using Azure.Data.Tables;
using EdsFunctions.Core.Verifications;
using EdsFunctions.Core.Verifications.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Hosting;

/// <summary>
/// Chooses the kind of store by the settings and the host, validates the settings of the store, and creates the store.
/// </summary>
internal static class VerificationStores
{
    /// <summary>Creates the store.</summary>
    public static IVerificationStore Create(IServiceProvider provider)
    {
        var options = provider.GetRequiredService<IOptions<VerificationOptions>>().Value;
        var environment = provider.GetRequiredService<IHostEnvironment>();
        var time = provider.GetRequiredService<TimeProvider>();
        var records = provider.GetRequiredService<RecordReader>();
        if (Choose(options, environment, provider.GetRequiredService<IConfiguration>()) == StoreKind.Sqlite)
        {
            return new SqliteVerificationStore(
                Path.Combine(environment.ContentRootPath, options.SqlitePath), time, records);
        }

        var service = options.TableConnectionString is { Length: > 0 } connectionString
            ? new TableServiceClient(connectionString, TableVerificationStore.ClientOptions())
            : new TableServiceClient(
                options.TableServiceUri,
                provider.GetRequiredService<TokenCredential>(),
                TableVerificationStore.ClientOptions());
        return new TableVerificationStore(service, time, records);
    }

    /// <summary>Checks at start-up that the store keeps its records, and that it is configured.</summary>
    public static IEnumerable<string> Validate(
        VerificationOptions options, IHostEnvironment environment, IConfiguration configuration) =>
        Choose(options, environment, configuration) switch
        {
            StoreKind.Sqlite when AzureHost.IsCurrent(environment, configuration) =>
                ["Verifications:Store must be Table in Azure: a SQLite file is lost with the instance that wrote it."],
            StoreKind.Sqlite when IsBelowAppOfFunctionsHost(options, environment, configuration) =>
            [
                "Verifications:SqlitePath must be outside of the app's folder: the Functions host restarts the app " +
                "when a file there changes, and func start deletes the folder. " +
                "Use an absolute path, or Verifications:Store=Table with Azurite.",
            ],
            StoreKind.Table when string.IsNullOrEmpty(options.TableConnectionString)
                && options.TableServiceUri is null =>
            [
                "Verifications:TableServiceUri or Verifications:TableConnectionString must be set " +
                "for Verifications:Store=Table.",
            ],
            StoreKind.Table when !string.IsNullOrEmpty(options.TableConnectionString)
                && !IsConnectionString(options.TableConnectionString) =>
            [
                "Verifications:TableConnectionString must be the connection string of a storage account, as the " +
                "portal shows it below Access keys, or UseDevelopmentStorage=true for Azurite.",
            ],
            StoreKind.Table when string.IsNullOrEmpty(options.TableConnectionString)
                && options.TableServiceUri is not { IsAbsoluteUri: true, Scheme: "https" } =>
                ["Verifications:TableServiceUri must be an HTTPS URL, such as https://contoso.table.core.windows.net."],
            _ => [],
        };

    /// <summary>
    /// Chooses the kind of store. The default in Azure is a table, because a file would be lost with its instance.
    /// </summary>
    private static StoreKind Choose(
        VerificationOptions options, IHostEnvironment environment, IConfiguration configuration) =>
        options.Store ?? (AzureHost.IsCurrent(environment, configuration) ? StoreKind.Table : StoreKind.Sqlite);

    private static bool IsConnectionString(string text)
    {
        try
        {
            _ = new TableServiceClient(text);
            return true;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool IsBelowAppOfFunctionsHost(
        VerificationOptions options, IHostEnvironment environment, IConfiguration configuration)
    {
        // The file systems of Windows and macOS are case-insensitive.
        var comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
        var path = Path.GetFullPath(Path.Combine(environment.ContentRootPath, options.SqlitePath));
        return !string.IsNullOrEmpty(configuration["FUNCTIONS_WORKER_RUNTIME"])
            && path.StartsWith(AppContext.BaseDirectory, comparison);
    }
}
