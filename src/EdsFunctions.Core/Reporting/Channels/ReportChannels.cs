using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Tells each channel what it is to be told, all at the same time: none waits for another, and none fails for another.</summary>
internal sealed class ReportChannels(
    MessageSender sender,
    IVerificationStore store,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    EdsMetrics metrics,
    ILogger<ReportChannels> logger)
{
    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    private readonly IReadOnlyList<ReportChannel> channels =
        [.. options.Value.Channels.Select(one => ReportChannel.Of(one.Key, one.Value))];

    public bool None => channels.Count == 0;

    /// <summary>In the order in which the digests are given, and the reports returned.</summary>
    public IEnumerable<string> Names => channels.Select(channel => channel.Name);

    /// <summary>Tells every channel.</summary>
    /// <param name="expired">For each channel what is given up and what it does not know of yet.</param>
    /// <param name="stale">For each channel what waits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChannelReport[]> ReportAsync(
        IReadOnlyList<StaleDigest> expired, IReadOnlyList<StaleDigest> stale, CancellationToken cancellationToken) =>
        Task.WhenAll(channels.Select((channel, i) => ReportAsync(channel, expired[i], stale[i], cancellationToken)));

    private async Task<ChannelReport> ReportAsync(
        ReportChannel channel, StaleDigest expired, StaleDigest stale, CancellationToken cancellationToken)
    {
        // A channel that takes one thing no more is not asked to take another in the same run.
        var givenUp = expired.DueCount == 0 ? [] : await TellAsync(channel, expired, ReportNotice.OfExpired, cancellationToken);
        if (givenUp is null)
        {
            return new ChannelReport(channel.Name, Delivered: false, [], []);
        }

        var allTold = givenUp.Count == expired.DueCount;
        var reported = stale.DueCount > 0 ? await TellStaleAsync(channel, stale, cancellationToken)
            : stale.StaleCount == 0 && allTold ? await TellAllClearAsync(channel, stale, cancellationToken)
            : [];
        return new ChannelReport(channel.Name, reported is not null, reported ?? [], givenUp);
    }

    /// <summary>The note goes first: a channel that was told must be told of the end, whatever happens in between.</summary>
    private async Task<IReadOnlyList<StaleItem>?> TellStaleAsync(
        ReportChannel channel, StaleDigest stale, CancellationToken cancellationToken)
    {
        var isNew = await store.GetNoteAsync(NoteOf(channel), cancellationToken) is null;
        if (isNew)
        {
            await store.SetNoteAsync(NoteOf(channel), stale.At.ToString("O", CultureInfo.InvariantCulture), cancellationToken);
        }

        var told = await TellAsync(channel, stale, ReportNotice.OfStale, cancellationToken);
        if (told is null && isNew)
        {
            await store.SetNoteAsync(NoteOf(channel), null, cancellationToken);
        }

        return told;
    }

    private async Task<IReadOnlyList<StaleItem>?> TellAllClearAsync(
        ReportChannel channel, StaleDigest nothing, CancellationToken cancellationToken)
    {
        if (await store.GetNoteAsync(NoteOf(channel), cancellationToken) is null)
        {
            return [];
        }

        var told = await TellAsync(channel, nothing, ReportNotice.OfAllClear, cancellationToken);
        if (told is not null)
        {
            await store.SetNoteAsync(NoteOf(channel), null, cancellationToken);
        }

        return told;
    }

    /// <summary>Tells a channel, as much as it takes at a time.</summary>
    /// <returns>What was named; null where the channel did not take it.</returns>
    private async Task<IReadOnlyList<StaleItem>?> TellAsync(
        ReportChannel channel,
        StaleDigest digest,
        Func<StaleDigest, Localizer, ReportNotice> say,
        CancellationToken cancellationToken)
    {
        var platform = channel.Platform;
        var named = digest;
        var reason = await sender.SendAsync(
            () =>
            {
                var now = time.GetUtcNow();
                var body = platform.Write(say(named, texts), now);
                while (body.Length > platform.MaxBytes && named.Items.Count > 1)
                {
                    named = named with { Items = [.. named.Items.Take(named.Items.Count - 1)] };
                    body = platform.Write(say(named, texts), now);
                }

                return platform.Request(body, now);
            },
            platform.Refusal,
            cancellationToken);
        metrics.ReportDelivered(platform.Kind, reason is null);
        if (reason is null)
        {
            return named.Items;
        }

        logger.ReportNotDelivered(channel.Name, platform.Kind, say(named, texts).Type, reason);
        return null;
    }

    /// <summary>The name of the note that the channel was told of something stale since its last all-clear.</summary>
    private static string NoteOf(ReportChannel channel) => $"told-{channel.Name}";
}
