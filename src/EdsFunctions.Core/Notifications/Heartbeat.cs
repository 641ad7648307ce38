using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>Calls a watchdog after a run that went well, so that it raises an alarm when there are none.</summary>
public sealed partial class Heartbeat(MessageSender sender, IOptions<StaleReportOptions> options, ILogger<Heartbeat> logger)
{
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (options.Value.HeartbeatUrl is { Length: > 0 } url
            && await sender.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, url), refusal: null, cancellationToken) is { } reason)
        {
            HeartbeatFailed(reason);
        }
    }

    [LoggerMessage(311, LogLevel.Warning, "The heartbeat was not taken: {Reason}")]
    private partial void HeartbeatFailed(string reason);
}
