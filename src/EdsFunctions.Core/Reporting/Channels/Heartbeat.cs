using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Reporting;

/// <summary>Calls a watchdog after a run that went well, so that it raises an alarm when there are none.</summary>
public sealed class Heartbeat(MessageSender sender, IOptions<StaleReportOptions> options, ILogger<Heartbeat> logger)
{
    public async Task BeatAsync(CancellationToken cancellationToken)
    {
        if (options.Value.HeartbeatUrl is { Length: > 0 } url
            && await sender.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, url), refusal: null, cancellationToken) is { } reason)
        {
            logger.HeartbeatFailed(reason);
        }
    }
}
