using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A channel of the configuration: sends notices in the form of its platform.</summary>
internal sealed partial class MessageChannel(
    string name,
    ReportChannelOptions channel,
    ChannelKinds kinds,
    MessageSender sender,
    IVerificationStore store,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    ReportMetrics metrics,
    ILogger<MessageChannel> logger) : IReportChannel
{
    private readonly ChannelKind kind = kinds.Find(channel.Kind)!;
    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <summary>The name of the stored marker that the channel was told of stale verifications since its last all-clear.</summary>
    private readonly string marker = $"told-{name}";

    public string Name { get; } = name;

    public bool GetsFinalNotice => true;

    public async Task ReportAsync(
        StaleDigest expired,
        StaleDigest failed,
        StaleDigest stale,
        ChannelReport report,
        CancellationToken cancellationToken)
    {
        // A channel that rejects one notice is not sent another in the same run.
        report.IsComplete =
            (expired.DueCount == 0 || await SendAsync(
                expired, ReportNotice.CreateExpired, accepted => report.Expired = accepted, cancellationToken))
            && (failed.DueCount == 0 || await SendAsync(
                failed, ReportNotice.CreateFailed, accepted => report.Failed = accepted, cancellationToken))
            && (stale.DueCount > 0 ? await SendStaleAsync(stale, report, cancellationToken)
                // It gets no all-clear before it knows all that have expired.
                : stale.StaleCount > 0
                    || report.Expired.Count < expired.DueCount
                    || await SendAllClearAsync(stale, cancellationToken));
    }

    /// <summary>The marker is written first: a channel that was told must get the all-clear, even after a crash in between.</summary>
    private async Task<bool> SendStaleAsync(
        StaleDigest stale, ChannelReport report, CancellationToken cancellationToken)
    {
        var isNew = await store.GetMarkerAsync(marker, cancellationToken) is null;
        if (isNew)
        {
            await store.SetMarkerAsync(marker, stale.At.ToString("O", CultureInfo.InvariantCulture), cancellationToken);
        }

        var isAccepted = await SendAsync(
            stale, ReportNotice.CreateStale, accepted => report.Stale = accepted, cancellationToken);
        if (!isAccepted && isNew)
        {
            await store.SetMarkerAsync(marker, null, cancellationToken);
        }

        return isAccepted;
    }

    private async Task<bool> SendAllClearAsync(StaleDigest nothing, CancellationToken cancellationToken)
    {
        if (await store.GetMarkerAsync(marker, cancellationToken) is null)
        {
            return true;
        }

        var isAccepted = await SendAsync(nothing, ReportNotice.CreateAllClear, _ => { }, cancellationToken);
        if (isAccepted)
        {
            await store.SetMarkerAsync(marker, null, cancellationToken);
        }

        return isAccepted;
    }

    /// <summary>Sends a notice with as many verifications as the platform accepts at a time.</summary>
    /// <returns>Whether the channel accepted it.</returns>
    private async Task<bool> SendAsync(
        StaleDigest digest,
        Func<StaleDigest, Localizer, ReportNotice> write,
        Action<IReadOnlyList<StaleItem>> accepted,
        CancellationToken cancellationToken)
    {
        var named = digest;
        var reason = await sender.SendAsync(
            () =>
            {
                var now = time.GetUtcNow();
                var body = Write();
                while (body.Length > kind.MaxBytes && named.Items.Count > 1)
                {
                    named = named with { Items = [.. named.Items.SkipLast(1)] };
                    body = Write();
                }

                return kind.CreateRequest(channel, body, now);

                byte[] Write() => MessageJson.WriteBytes(kind.Payload(write(named, texts), channel, now));
            },
            kind.GetRejection,
            cancellationToken);
        metrics.ReportDelivered(kind.Name, reason is null);
        if (reason is null)
        {
            accepted(named.Items);
            return true;
        }

        ReportNotDelivered(Name, kind.Name, write(named, texts).Type, reason);
        return false;
    }

    [LoggerMessage(310, LogLevel.Error, "The report channel {Channel} ({Kind}) did not take {Notice}: {Reason}")]
    private partial void ReportNotDelivered(string channel, string kind, string notice, string reason);
}
