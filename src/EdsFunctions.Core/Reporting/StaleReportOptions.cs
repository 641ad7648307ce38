using System.ComponentModel.DataAnnotations;
using Cronos;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Reporting.Channels;

namespace EdsFunctions.Core.Reporting;

/// <summary>Configuration section <c>StaleReport</c>: when to report what waits, and how often to say it again.</summary>
public sealed class StaleReportOptions
{
    public const string Section = "StaleReport";

    /// <summary>The setting of <see cref="Schedule"/>. Outside of the section, since the Functions host reads it too.</summary>
    public const string ScheduleSetting = "StaleReportSchedule";

    /// <summary>When the report runs: an NCRONTAB expression of six fields, the first for seconds, in UTC.</summary>
    [Required]
    public string Schedule { get; internal set; } = "0 */15 * * * *";

    /// <summary>What waits longer than this is stale.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan Threshold { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long before the same verification is said again; doubles each time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan RepeatAfter { get; set; } = TimeSpan.FromHours(4);

    /// <summary>Where reports are sent, by the channel's name or number.</summary>
    public Dictionary<string, ReportChannelOptions> Channels { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What is called after each run in which everything went well; nothing without it. It may hold a secret.</summary>
    public string? HeartbeatUrl { get; set; }

    /// <summary>The language of what is sent: <c>en</c> or <c>zh-CN</c>.</summary>
    public string Language { get; set; } = Localizer.English;
}

/// <summary>Checks <see cref="StaleReportOptions"/> at start-up.</summary>
[OptionsValidator]
internal sealed partial class StaleReportOptionsValidator : IValidateOptions<StaleReportOptions>;

/// <summary>Checks the schedule of <see cref="StaleReportOptions"/>: one that cannot be read would never run.</summary>
internal sealed class ScheduleValidator : IValidateOptions<StaleReportOptions>
{
    private const int Fields = 6;

    public ValidateOptionsResult Validate(string? name, StaleReportOptions options) =>
        // Cronos takes names such as @hourly as well, and the Functions host does not.
        options.Schedule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == Fields
        && CronExpression.TryParse(options.Schedule, CronFormat.IncludeSeconds, out _)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{StaleReportOptions.ScheduleSetting} must be an NCRONTAB expression of six fields, " +
                "such as 0 */15 * * * * for every 15 minutes.");
}
