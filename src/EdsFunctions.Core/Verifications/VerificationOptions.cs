using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace EdsFunctions.Core.Verifications;

/// <summary>Configuration section <c>Verifications</c>: where they are kept and for how long.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verifications";

    /// <summary>
    /// How much longer than a call may take a send stands as under way, before it is given up for lost: half of it for a slow store
    /// and a slow vault, half for clocks of two machines that differ.
    /// </summary>
    private static readonly TimeSpan AbandonedMargin = TimeSpan.FromMinutes(1);

    /// <summary>Which store; null for the table in Azure and the file elsewhere.</summary>
    [EnumDataType(typeof(StoreKind))]
    public StoreKind? Store { get; set; }

    /// <summary>The database file, relative to the content root.</summary>
    [Required]
    public string SqlitePath { get; set; } = ".data/verifications.db";

    /// <summary>The table service, such as <c>https://contoso.table.core.windows.net</c>, to be used with the app's identity.</summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>The table service with a key, for Azurite.</summary>
    public string? TableConnectionString { get; set; }

    /// <summary>How long after a send the next one for the same target is refused.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResendCooldown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a verification may wait before it is given up.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many e-mails one owner may get in an hour, over all regions and CENs.</summary>
    [Range(1, 1_000_000)]
    public int MaxSendsPerOwnerPerHour { get; set; } = 20;

    /// <summary>How long closed verifications are kept; null for ever. Longer than an idempotency key, which names one.</summary>
    [Range(typeof(TimeSpan), "3.00:00:00", "3650.00:00:00")]
    public TimeSpan? KeepClosedFor { get; set; }

    internal SendRules Rules(AlibabaOptions alibaba) => new(
        ResendCooldown, AbandonedAfter: alibaba.Budget + AbandonedMargin, DispatchDeadline: AbandonedMargin / 2, ExpireAfter, MaxSendsPerOwnerPerHour);

    /// <summary>The chosen store. The file of one machine would be lost in Azure, where instances come and go.</summary>
    internal StoreKind Choose(IHostEnvironment environment, IConfiguration configuration) =>
        Store ?? (IsAzure(environment, configuration) ? StoreKind.Table : StoreKind.Sqlite);

    /// <summary>Checks at start-up that the chosen store can keep what is recorded in it.</summary>
    internal IEnumerable<string> Validate(IHostEnvironment environment, IConfiguration configuration) => Choose(environment, configuration) switch
    {
        StoreKind.Sqlite when IsAzure(environment, configuration) =>
            ["Verifications:Store must be Table in Azure: a SQLite file there is lost with the instance that wrote it."],
        StoreKind.Sqlite when IsBelowAppOfFunctionsHost(environment, configuration) =>
        [
            "Verifications:SqlitePath must be outside of the app's folder: the Functions host restarts the app when a file there changes, " +
            "and func start deletes the folder. Use an absolute path, or Verifications:Store=Table with Azurite.",
        ],
        StoreKind.Table when string.IsNullOrEmpty(TableConnectionString) && TableServiceUri is null =>
            ["Verifications:TableServiceUri, or Verifications:TableConnectionString, must say where the table is."],
        StoreKind.Table when string.IsNullOrEmpty(TableConnectionString)
            && TableServiceUri is not { IsAbsoluteUri: true, Scheme: "https" } =>
            ["Verifications:TableServiceUri must be the address of a table service, such as https://contoso.table.core.windows.net."],
        _ => [],
    };

    private static bool IsAzure(IHostEnvironment environment, IConfiguration configuration) =>
        !environment.IsDevelopment()
        && (!string.IsNullOrEmpty(configuration["WEBSITE_INSTANCE_ID"]) || !string.IsNullOrEmpty(configuration["FUNCTIONS_EXTENSION_VERSION"]));

    private bool IsBelowAppOfFunctionsHost(IHostEnvironment environment, IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration["FUNCTIONS_WORKER_RUNTIME"])
        && Path.GetFullPath(Path.Combine(environment.ContentRootPath, SqlitePath)).StartsWith(
            AppContext.BaseDirectory,
            // Their file systems do not tell the cases apart.
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}

/// <summary>Where verifications are kept.</summary>
public enum StoreKind
{
    /// <summary>A file of this machine.</summary>
    Sqlite,

    /// <summary>An Azure Table, which several instances share.</summary>
    Table,
}
