using System.ComponentModel.DataAnnotations;
using Azure.Data.Tables;
using EdsFunctions.Core.Alibaba;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Verifications;

/// <summary>Configuration section <c>Verifications</c>: the store, and the limits of sends.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verifications";

    /// <summary>
    /// The time beyond the longest call after which a send counts as abandoned: half of it for a slow store and vault,
    /// half for the clocks of two machines.
    /// </summary>
    private static readonly TimeSpan AbandonedMargin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The kind of store: <c>Sqlite</c> or <c>Table</c>. Default: <c>Table</c> in Azure, <c>Sqlite</c> elsewhere.
    /// </summary>
    [EnumDataType(typeof(StoreKind))]
    public StoreKind? Store { get; set; }

    /// <summary>
    /// The path of the SQLite file, absolute or relative to the content root. Default: <c>.data/verifications.db</c>.
    /// </summary>
    [Required]
    public string SqlitePath { get; set; } = ".data/verifications.db";

    /// <summary>
    /// The HTTPS address of the table service, such as <c>https://contoso.table.core.windows.net</c>, accessed with the
    /// app's identity. Default: none; required for <c>Table</c> without a connection string.
    /// </summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>
    /// The connection string of a table service with a key, such as Azurite; takes precedence. Default: none.
    /// </summary>
    public string? TableConnectionString { get; set; }

    /// <summary>
    /// The time between two sends to one target, as <c>hh:mm:ss</c>, at most a day. Default: <c>00:01:00</c>, one
    /// minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResendCooldown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time after the latest send at which an open verification expires, as <c>d.hh:mm:ss</c>, from a minute to 365
    /// days. Default: <c>7.00:00:00</c>, seven days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The most e-mails to one owner in an hour, over all regions and CENs, from 1 to 1,000,000. Default: 20.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxSendsPerOwnerPerHour { get; set; } = 20;

    /// <summary>
    /// The time after which closed verifications are deleted, as <c>d.hh:mm:ss</c>, from 3 to 3650 days: longer than
    /// idempotency keys, which refer to them. Default: none, they are kept for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "3.00:00:00", "3650.00:00:00")]
    public TimeSpan? KeepClosedFor { get; set; }

    internal SendRules Rules(AlibabaOptions alibaba) => new(
        ResendCooldown,
        AbandonedAfter: alibaba.Budget + AbandonedMargin,
        DispatchDeadline: AbandonedMargin / 2,
        ExpireAfter,
        MaxSendsPerOwnerPerHour);

    /// <summary>The kind of store. In Azure a file would be lost with its instance.</summary>
    internal StoreKind Choose(IHostEnvironment environment, IConfiguration configuration) =>
        Store ?? (IsAzure(environment, configuration) ? StoreKind.Table : StoreKind.Sqlite);

    /// <summary>Checks at start-up that the store is durable and configured.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment, IConfiguration configuration) =>
        Choose(environment, configuration) switch
        {
            StoreKind.Sqlite when IsAzure(environment, configuration) =>
                ["Verifications:Store must be Table in Azure: a SQLite file is lost with the instance that wrote it."],
            StoreKind.Sqlite when IsBelowAppOfFunctionsHost(environment, configuration) =>
            [
                "Verifications:SqlitePath must be outside of the app's folder: the Functions host restarts the app " +
                "when a file there changes, and func start deletes the folder. " +
                "Use an absolute path, or Verifications:Store=Table with Azurite.",
            ],
            StoreKind.Table when string.IsNullOrEmpty(TableConnectionString) && TableServiceUri is null =>
            [
                "Verifications:TableServiceUri or Verifications:TableConnectionString must be set " +
                "for Verifications:Store=Table.",
            ],
            StoreKind.Table when !string.IsNullOrEmpty(TableConnectionString)
                && !IsConnectionString(TableConnectionString) =>
            [
                "Verifications:TableConnectionString must be the connection string of a storage account, as the " +
                "portal shows it below Access keys, or UseDevelopmentStorage=true for Azurite.",
            ],
            StoreKind.Table when string.IsNullOrEmpty(TableConnectionString)
                && TableServiceUri is not { IsAbsoluteUri: true, Scheme: "https" } =>
                ["Verifications:TableServiceUri must be an HTTPS URL, such as https://contoso.table.core.windows.net."],
            _ => [],
        };

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

    private static bool IsAzure(IHostEnvironment environment, IConfiguration configuration) =>
        !environment.IsDevelopment()
        && (!string.IsNullOrEmpty(configuration["WEBSITE_INSTANCE_ID"])
            || !string.IsNullOrEmpty(configuration["FUNCTIONS_EXTENSION_VERSION"]));

    private bool IsBelowAppOfFunctionsHost(IHostEnvironment environment, IConfiguration configuration)
    {
        // Their file systems are case-insensitive.
        var comparison = OperatingSystem.IsWindows() || OperatingSystem.IsMacOS()
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
        var path = Path.GetFullPath(Path.Combine(environment.ContentRootPath, SqlitePath));
        return !string.IsNullOrEmpty(configuration["FUNCTIONS_WORKER_RUNTIME"])
            && path.StartsWith(AppContext.BaseDirectory, comparison);
    }
}

/// <summary>The kinds of store.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file on this machine.</summary>
    Sqlite,

    /// <summary>An Azure table, which several instances share.</summary>
    Table,
}
