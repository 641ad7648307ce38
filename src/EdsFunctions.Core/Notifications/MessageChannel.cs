using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>A channel of the configuration: sends notices in the form of its platform.</summary>
internal sealed partial class MessageChannel(
    string name,
    ReportChannelOptions channel,
    MessageSender sender,
    IVerificationStore store,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    ReportMetrics metrics,
    ILogger<MessageChannel> logger) : IReportChannel
{
    private readonly ReportChannelKind kind = channel.NamedKind!.Value;
    private readonly ReportPlatform platform = ReportPlatform.Create(channel);
    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <summary>The name of the stored marker that the channel was told of stale verifications since its last all-clear.</summary>
    private readonly string marker = $"told-{name}";

    public string Name { get; } = name;

    public bool GetsFinalNotice => true;

    public async Task<ChannelReport> ReportAsync(
        StaleDigest expired, StaleDigest failed, StaleDigest stale, CancellationToken cancellationToken)
    {
        // A channel that rejects one notice is not sent another in the same run.
        var reportedExpired = expired.DueCount == 0 ? [] : await SendAsync(expired, ReportNotice.OfExpired, cancellationToken);
        if (reportedExpired is null)
        {
            return new ChannelReport(Delivered: false, [], [], []);
        }

        var reportedFailed = failed.DueCount == 0 ? [] : await SendAsync(failed, ReportNotice.OfFailed, cancellationToken);
        if (reportedFailed is null)
        {
            return new ChannelReport(Delivered: false, reportedExpired, [], []);
        }

        var knowsAllExpired = reportedExpired.Count == expired.DueCount;
        var reportedStale = stale.DueCount > 0 ? await SendStaleAsync(stale, cancellationToken)
            : stale.StaleCount == 0 && knowsAllExpired ? await SendAllClearAsync(stale, cancellationToken)
            : [];
        return new ChannelReport(reportedStale is not null, reportedExpired, reportedFailed, reportedStale ?? []);
    }

    /// <summary>The marker is written first: a channel that was told must get the all-clear, even after a crash in between.</summary>
    private async Task<IReadOnlyList<StaleItem>?> SendStaleAsync(StaleDigest stale, CancellationToken cancellationToken)
    {
        var isNew = await store.GetNoteAsync(marker, cancellationToken) is null;
        if (isNew)
        {
            await store.SetNoteAsync(marker, stale.At.ToString("O", CultureInfo.InvariantCulture), cancellationToken);
        }

        var reported = await SendAsync(stale, ReportNotice.OfStale, cancellationToken);
        if (reported is null && isNew)
        {
            await store.SetNoteAsync(marker, null, cancellationToken);
        }

        return reported;
    }

    private async Task<IReadOnlyList<StaleItem>?> SendAllClearAsync(StaleDigest nothing, CancellationToken cancellationToken)
    {
        if (await store.GetNoteAsync(marker, cancellationToken) is null)
        {
            return [];
        }

        var reported = await SendAsync(nothing, ReportNotice.OfAllClear, cancellationToken);
        if (reported is not null)
        {
            await store.SetNoteAsync(marker, null, cancellationToken);
        }

        return reported;
    }

    /// <summary>Sends a notice with as many verifications as the platform accepts at a time.</summary>
    /// <returns>What was named; null if the channel rejected it.</returns>
    private async Task<IReadOnlyList<StaleItem>?> SendAsync(
        StaleDigest digest, Func<StaleDigest, Localizer, ReportNotice> write, CancellationToken cancellationToken)
    {
        var named = digest;
        var reason = await sender.SendAsync(
            () =>
            {
                var now = time.GetUtcNow();
                var body = platform.Write(write(named, texts), now);
                while (body.Length > platform.MaxBytes && named.Items.Count > 1)
                {
                    named = named with { Items = [.. named.Items.SkipLast(1)] };
                    body = platform.Write(write(named, texts), now);
                }

                return platform.CreateRequest(body, now);
            },
            platform.GetRejection,
            cancellationToken);
        metrics.ReportDelivered(kind, reason is null);
        if (reason is null)
        {
            return named.Items;
        }

        ReportNotDelivered(Name, kind, write(named, texts).Type, reason);
        return null;
    }

    [LoggerMessage(310, LogLevel.Error, "The report channel {Channel} ({Kind}) did not take {Notice}: {Reason}")]
    private partial void ReportNotDelivered(string channel, ReportChannelKind kind, string notice, string reason);
}
