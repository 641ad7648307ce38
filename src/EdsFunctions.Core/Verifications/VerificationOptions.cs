using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>Configuration section <c>Verifications</c>: the store, and the limits of sends.</summary>
public sealed class VerificationOptions
{
    public const string Section = "Verifications";

    /// <summary>
    /// How long after the longest possible call a send counts as abandoned. Half of this time is for a slow store and
    /// vault, half for the difference between the clocks of two machines.
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
    /// The connection string of a table service that the app accesses with a key, such as Azurite. Takes precedence
    /// over <c>TableServiceUri</c>. Default: none.
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
    /// Whether the sends and resends of every caller are paused: the response is 503 <c>sending-paused</c>, and nothing
    /// is recorded. Default: <c>false</c>.
    /// </summary>
    public bool SendingPaused { get; set; }

    /// <summary>
    /// The time after which closed verifications are deleted, as <c>d.hh:mm:ss</c>, from 3 to 3650 days. The minimum is
    /// longer than the app keeps idempotency keys, which refer to verifications. Default: none, they are kept for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "3.00:00:00", "3650.00:00:00")]
    public TimeSpan? KeepClosedFor { get; set; }

    internal SendRules Rules(AlibabaOptions alibaba) => new(
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
