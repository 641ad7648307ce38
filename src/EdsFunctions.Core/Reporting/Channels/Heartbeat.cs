using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Tells a watchdog that a run went well, so that somebody notices when none does any more.</summary>
internal sealed class Heartbeat(MessageSender sender, IOptions<StaleReportOptions> options, ILogger<Heartbeat> logger)
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
