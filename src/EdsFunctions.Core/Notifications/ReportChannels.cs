namespace EdsFunctions.Core.Notifications;

/// <summary>The report channels: the log and the configured channels.</summary>
public sealed class ReportChannels(IOptions<StaleReportOptions> options, IServiceProvider services)
{
    /// <summary>All report channels. The log is the first.</summary>
    internal IReadOnlyList<IReportChannel> All { get; } =
    [
        ActivatorUtilities.CreateInstance<LogChannel>(services),
        .. options.Value.Channels.Select(channel =>
            ActivatorUtilities.CreateInstance<MessageChannel>(services, channel.Key, channel.Value)),
    ];
}

/// <summary>
/// A receiver of reports. The app notifies all channels concurrently. The failure of one channel does not affect the
/// others.
/// </summary>
internal interface IReportChannel
{
    /// <summary>
    /// The name of the channel in the configuration, in log messages and in reminder states; null for the channel that
    /// is the log.
    /// </summary>
    string? Name { get; }

    /// <summary>
    /// Whether an expired verification stays open until this channel has accepted the notice about it.
    /// </summary>
    bool GetsFinalNotice { get; }

    /// <param name="expired">The expired verifications whose notice the channel has not accepted yet.</param>
    /// <param name="failed">The failed sends that neither the requester nor this channel was notified of.</param>
    /// <param name="stale">The stale verifications.</param>
    /// <param name="report">Updated after each notice that the channel accepts.</param>
    /// <param name="cancellationToken">Cancels the report.</param>
    Task ReportAsync(
        Digest expired,
        Digest failed,
        Digest stale,
        ChannelReport report,
        CancellationToken cancellationToken);
}

/// <summary>The result of a report for one channel.</summary>
/// <param name="expiredDue">The number of expired verifications that were due for a notice.</param>
internal sealed class ChannelReport(int expiredDue)
{
    /// <summary>Whether the channel accepted all notices and all verifications were marked as reported.</summary>
    public bool IsComplete { get; set; } = true;

    /// <summary>The expired verifications whose notice the channel accepted.</summary>
    public IReadOnlyList<DigestItem> Expired { get; set; } = [];

    /// <summary>The verifications with a failed send whose notice the channel accepted.</summary>
    public IReadOnlyList<DigestItem> Failed { get; set; } = [];

    /// <summary>The stale verifications whose notice the channel accepted.</summary>
    public IReadOnlyList<DigestItem> Stale { get; set; } = [];

    /// <summary>Whether a notice about expired verifications was due, and the channel did not accept it.</summary>
    public bool IsExpiredNoticeMissing => expiredDue > 0 && Expired.Count == 0;
}
