using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>Configuration section <c>StaleReport</c>: when to report stale verifications, how often, and where.</summary>
public sealed class StaleReportOptions
{
    public const string Section = "StaleReport";

    /// <summary>The setting of <see cref="Schedule"/>. Outside of the section, since the Functions host reads it too.</summary>
    public const string ScheduleSetting = "StaleReportSchedule";

    /// <summary>When the report runs: an NCRONTAB expression of six fields, the first for seconds, in UTC.</summary>
    [Required]
    public string Schedule { get; internal set; } = "0 */15 * * * *";

    /// <summary>A verification that waits longer than this is stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Threshold { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long before the same verification is reported again; doubles each time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Where reports are sent, by the channel's name or number.</summary>
    public Dictionary<string, ReportChannelOptions> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The address that is called after each run in which everything went well. It may hold a secret.</summary>
    public string? HeartbeatUrl { get; set => field = value?.Trim(); }

    /// <summary>The language of the notices: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; set; } = Localizer.English;
}
