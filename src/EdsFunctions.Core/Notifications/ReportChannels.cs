namespace EdsFunctions.Core.Notifications;

/// <summary>Where the report goes: the log, and the channels of the configuration.</summary>
public sealed class ReportChannels(IOptions<StaleReportOptions> options, IServiceProvider services)
{
    /// <summary>The log first.</summary>
    internal IReadOnlyList<IReportChannel> All { get; } =
    [
        ActivatorUtilities.CreateInstance<LogChannel>(services),
        .. options.Value.Channels.Select(channel =>
            ActivatorUtilities.CreateInstance<MessageChannel>(services, channel.Key, channel.Value)),
    ];
}

/// <summary>One reader of the report. Each is told at the same time as the others, and fails alone.</summary>
internal interface IReportChannel
{
    /// <summary>Its name in the configuration, in the log, and in what is recorded of its reports; null for the log.</summary>
    string? Name { get; }

    /// <summary>Whether a verification that has expired is closed only after this channel was told.</summary>
    bool GetsFinalNotice { get; }

    /// <param name="expired">The expired verifications that it was not told of.</param>
    /// <param name="failed">Those whose send failed, and whose failure neither the caller nor this channel was told of.</param>
    /// <param name="stale">The stale ones.</param>
    /// <param name="report">Gets what the channel has accepted, as soon as it has.</param>
    /// <param name="cancellationToken">Cancels the report, and throws.</param>
    Task ReportAsync(
        StaleDigest expired,
        StaleDigest failed,
        StaleDigest stale,
        ChannelReport report,
        CancellationToken cancellationToken);
}

/// <summary>What one run has reported to one channel.</summary>
/// <param name="expiredDue">How many expired verifications it had to be told of.</param>
internal sealed class ChannelReport(int expiredDue)
{
    /// <summary>Whether it accepted everything that was due, and all of that was marked.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>What it was told of as expired, and accepted.</summary>
    public IReadOnlyList<StaleItem> Expired { get; set; } = [];

    /// <summary>What it was told of as failed, and accepted.</summary>
    public IReadOnlyList<StaleItem> Failed { get; set; } = [];

    /// <summary>What it was told of as stale, and accepted.</summary>
    public IReadOnlyList<StaleItem> Stale { get; set; } = [];

    /// <summary>Whether it did not accept the notice of expired verifications, although one was due.</summary>
    public bool LacksExpired => expiredDue > 0 && Expired.Count == 0;
}
