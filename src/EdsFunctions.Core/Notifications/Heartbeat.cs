using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>Calls an external watchdog after a successful run; the watchdog raises an alarm if calls stop.</summary>
public sealed partial class Heartbeat(
    MessageSender sender, IOptions<StaleReportOptions> options, ILogger<Heartbeat> logger)
{
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (options.Value.HeartbeatUrl is { Length: > 0 } url
            && await sender.SendAsync(() => new(HttpMethod.Get, url), null, cancellationToken) is { } reason)
        {
            HeartbeatFailed(reason);
        }
    }

    [LoggerMessage(311, LogLevel.Warning, "The heartbeat call to StaleReport:HeartbeatUrl failed: {Reason}")]
    private partial void HeartbeatFailed(string reason);
}
