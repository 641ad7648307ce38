
namespace EdsFunctions.Core.Reporting;

/// <summary>Log messages of the report (3xx).</summary>
internal static partial class ReportLog
{
    [LoggerMessage(300, LogLevel.Warning,
        "Verifications that wait too long: {Stale}, the oldest for {Oldest}; to be said now: {Due}, +{More} more\n{Items}")]
    public static partial void StaleVerifications(this ILogger logger, int stale, string oldest, int due, int more, string items);

    [LoggerMessage(301, LogLevel.Error, "The report failed")]
    public static partial void ReportFailed(this ILogger logger, Exception exception);

    [LoggerMessage(310, LogLevel.Error, "The report channel {Channel} ({Kind}) did not take {Notice}: {Reason}")]
    public static partial void ReportNotDelivered(
        this ILogger logger, string channel, ReportChannelKind kind, string notice, string reason);

    [LoggerMessage(311, LogLevel.Warning, "The heartbeat was not taken: {Reason}")]
    public static partial void HeartbeatFailed(this ILogger logger, string reason);
}
