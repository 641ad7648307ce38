using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Configuration section <c>Verifications</c>: the store, and the limits of sends.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verifications";

    /// <summary>
    /// The time that is added to the longest possible call before a send counts as abandoned. Half of it is for a slow
    /// store and vault, and half for the difference between the clocks of two machines.
    /// </summary>
    private static readonly TimeSpan AbandonedMargin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The kind of store: <c>Sqlite</c> or <c>Table</c>. Default: <c>Table</c> in Azure, <c>Sqlite</c> elsewhere.
    /// </summary>
    [EnumDataType(typeof(StoreKind))]
    public StoreKind? Store { get; set; }

    /// <summary>
    /// The path of the SQLite file. A relative path begins at the content root of the host. Default:
    /// <c>.data/verifications.db</c>.
    /// </summary>
    [Required]
    public string SqlitePath { get; set; } = ".data/verifications.db";

    /// <summary>
    /// The HTTPS address of the table service, such as <c>https://contoso.table.core.windows.net</c>. The app signs in
    /// with its identity. Default: none; required for <c>Table</c> without a connection string.
    /// </summary>
    public Uri? TableServiceUri { get; set; }

    /// <summary>
    /// The connection string of a table service, such as Azurite, if the app signs in with a key. Takes precedence over
    /// <c>TableServiceUri</c>. Default: none.
    /// </summary>
    public string? TableConnectionString { get; set; }

    /// <summary>
    /// The shortest time between two e-mails to one target, which is a region, a CEN and its owner. At most a day.
    /// Default: <c>00:01:00</c>, one minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ResendCooldown { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The time from the latest e-mail of an open verification until the verification expires. Default:
    /// <c>7.00:00:00</c>, seven days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan ExpireAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// The maximum number of e-mails to one owner in an hour, over all regions and CENs. Default: 20.
    /// </summary>
    [Range(1, 1_000_000)]
    public int MaxSendsPerOwnerPerHour { get; set; } = 20;

    /// <summary>
    /// Whether all sends and resends are paused. If so, requests for a code get 503 <c>sending-paused</c>, and the app
    /// records nothing. Default: <c>false</c>.
    /// </summary>
    public bool SendingPaused { get; set; }

    /// <summary>
    /// The time after which the app deletes a closed verification. The minimum is three days, because the app keeps
    /// idempotency keys, which refer to verifications, for two days. Default: none, closed verifications are kept for
    /// ever.
    /// </summary>
    [Range(typeof(TimeSpan), "3.00:00:00", "3650.00:00:00")]
    public TimeSpan? KeepClosedFor { get; set; }

    internal SendRules CreateRules(AlibabaOptions alibaba) => new(
        ResendCooldown,
        AbandonedAfter: alibaba.Budget + AbandonedMargin,
        DispatchDeadline: AbandonedMargin / 2,
        ExpireAfter,
        MaxSendsPerOwnerPerHour);
}

/// <summary>The kinds of store.</summary>
public enum StoreKind
{
    /// <summary>A SQLite file on this machine.</summary>
    Sqlite,

    /// <summary>An Azure table, which several instances share.</summary>
    Table,
}
