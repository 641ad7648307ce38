using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Notifications;

/// <summary>
/// Calls a watchdog outside of the app after each successful run of the timer. The watchdog raises an alarm if the
/// calls stop.
/// </summary>
public sealed partial class Heartbeat(
    MessageSender sender,
    IOptions<StaleReportOptions> options,
    ClosedSections closed,
    ILogger<Heartbeat> logger)
{
    /// <summary>The name of the setting with the URL of the watchdog.</summary>
    internal const string Setting = $"{StaleReportOptions.Section}:{nameof(StaleReportOptions.HeartbeatUrl)}";

    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (closed.FindError(Setting) is { } error)
        {
            HeartbeatIsClosed(error);
        }
        else if (options.Value.HeartbeatUrl is { Length: > 0 } url
            && await sender.SendAsync(() => new(HttpMethod.Get, url), null, cancellationToken) is { } reason)
        {
            HeartbeatFailed(reason);
        }
    }

    [LoggerMessage(313, LogLevel.Error, "The heartbeat was not sent, because its URL is invalid: {Error}")]
    private partial void HeartbeatIsClosed(string error);

    [LoggerMessage(311, LogLevel.Warning, "The heartbeat call to StaleReport:HeartbeatUrl failed: {Reason}")]
    private partial void HeartbeatFailed(string reason);
}
