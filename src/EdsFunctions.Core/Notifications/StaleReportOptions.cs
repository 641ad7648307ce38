using System.ComponentModel.DataAnnotations;
using EdsFunctions.Core.Messages;
using NCrontab;

namespace EdsFunctions.Core.Notifications;

/// <summary>Configuration section <c>StaleReport</c>: reports of stale verifications.</summary>
public sealed class StaleReportOptions
{
    public const string Section = "StaleReport";

    /// <summary>
    /// The name of the setting with the <see cref="Schedule"/>. The Functions host reads the same setting.
    /// </summary>
    public const string ScheduleSetting = "StaleReportSchedule";

    /// <summary>
    /// The schedule of the timer: an NCRONTAB expression of six fields (seconds first), in UTC. Default: <c>0 */15 * *
    /// * *</c>, every 15 minutes.
    /// </summary>
    [Required]
    public string Schedule { get; internal set; } = "0 */15 * * * *";

    /// <summary>The first run of the schedule after a time.</summary>
    internal DateTimeOffset NextRunAfter(DateTimeOffset time) =>
        new(ParseSchedule(Schedule)!.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    /// <summary>Parses a schedule as the Functions host does. Returns null if the schedule is invalid.</summary>
    internal static CrontabSchedule? ParseSchedule(string schedule) =>
        CrontabSchedule.TryParse(schedule, new CrontabSchedule.ParseOptions { IncludingSeconds = true });

    /// <summary>
    /// The age from which an open verification is stale: the time since its latest e-mail. Default: <c>00:30:00</c>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Threshold { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The time from the first report of a verification to its first reminder. The time to the next reminder doubles
    /// each time. Default: <c>04:00:00</c>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>
    /// The report channels in addition to the log. Each has a name of up to 32 letters, digits, <c>-</c> and <c>_</c>,
    /// such as <c>ops</c> in <c>StaleReport:Channels:ops:Kind</c>. Default: none.
    /// </summary>
    public Dictionary<string, ReportChannelOptions> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The HTTPS URL of a watchdog outside of the app. The app sends a GET request to the URL after each successful run
    /// of the timer. The URL may contain a secret. Default: none.
    /// </summary>
    public string? HeartbeatUrl { get; set => field = value?.Trim(); }

    /// <summary>The language of reports: <c>en</c> or <c>zh-CN</c>. Default: <c>en</c>.</summary>
    public string Language { get; set; } = Localizer.English;
}
