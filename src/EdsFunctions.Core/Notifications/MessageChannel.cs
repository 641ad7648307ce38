using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Notifications;

/// <summary>Sends notices to a configured report channel, in the format of its platform.</summary>
internal sealed partial class MessageChannel(
    string name,
    ReportChannelOptions channel,
    ChannelKinds kinds,
    MessageSender sender,
    IVerificationStore store,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    ClosedSections closed,
    ReportMetrics metrics,
    ILogger<MessageChannel> logger) : IReportChannel
{
    private readonly ChannelKind kind = kinds.Find(channel.Kind)!;
    private readonly Localizer texts = Localizer.ForLanguage(options.Value.Language);

    /// <summary>
    /// The name of the marker in the store that is set from the first notice about stale verifications until the
    /// all-clear. Stores contain this name, so it must not change.
    /// </summary>
    private readonly string marker = $"told-{name}";

    public string Name { get; } = name;

    /// <summary>The section of the configuration of a channel.</summary>
    internal static string GetSection(string name) => $"{StaleReportOptions.Section}:Channels:{name}";

    public bool GetsFinalNotice => true;

    public async Task ReportAsync(
        Digest expired,
        Digest failed,
        Digest stale,
        ChannelReport report,
        CancellationToken cancellationToken)
    {
        if (closed.FindError(GetSection(Name)) is { } error)
        {
            // A closed channel gets no notice, so that its verifications stay due.
            report.IsComplete = false;
            ChannelIsClosed(Name, error);
            return;
        }

        // After the channel has rejected a notice, its other notices wait for the next run of the timer.
        report.IsComplete =
            (expired.DueCount == 0 || await SendAsync(
                expired, ReportNotice.CreateExpired, accepted => report.Expired = accepted, cancellationToken))
            && (failed.DueCount == 0 || await SendAsync(
                failed, ReportNotice.CreateFailed, accepted => report.Failed = accepted, cancellationToken))
            && (stale.DueCount > 0 ? await SendStaleAsync(stale, report, cancellationToken)
                // The all-clear waits until the channel has accepted the notices of all expired verifications.
                : stale.StaleCount > 0
                    || report.Expired.Count < expired.DueCount
                    || await SendAllClearAsync(stale, cancellationToken));
    }

    /// <summary>
    /// Sends a notice about stale verifications. Sets the marker before, so that the channel gets the all-clear even
    /// after a crash.
    /// </summary>
    private async Task<bool> SendStaleAsync(
        Digest stale, ChannelReport report, CancellationToken cancellationToken)
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

    private async Task<bool> SendAllClearAsync(Digest empty, CancellationToken cancellationToken)
    {
        if (await store.GetMarkerAsync(marker, cancellationToken) is null)
        {
            return true;
        }

        var isAccepted = await SendAsync(empty, ReportNotice.CreateAllClear, _ => { }, cancellationToken);
        if (isAccepted)
        {
            await store.SetMarkerAsync(marker, null, cancellationToken);
        }

        return isAccepted;
    }

    /// <summary>Sends a notice, with as many verifications as fit into the maximum length of the platform.</summary>
    /// <returns>Whether the channel accepted the notice.</returns>
    private async Task<bool> SendAsync(
        Digest digest,
        Func<Digest, Localizer, ReportNotice> createNotice,
        Action<IReadOnlyList<DigestItem>> accepted,
        CancellationToken cancellationToken)
    {
        var sent = digest;
        var reason = await sender.SendAsync(
            () =>
            {
                var now = time.GetUtcNow();
                var body = CreateBody();
                while (body.Length > kind.MaxBytes && sent.Items.Count > 1)
                {
                    sent = sent with { Items = [.. sent.Items.SkipLast(1)] };
                    body = CreateBody();
                }

                return kind.CreateRequest(channel, body, now);

                byte[] CreateBody() =>
                    MessageJson.WriteBytes(kind.Payload(createNotice(sent, texts), channel, now));
            },
            kind.GetRejection,
            cancellationToken);
        metrics.RecordDelivery(kind.Name, reason is null);
        if (reason is null)
        {
            accepted(sent.Items);
            return true;
        }

        ReportNotDelivered(Name, kind.Name, createNotice(sent, texts).Type, reason);
        return false;
    }

    [LoggerMessage(312, LogLevel.Error,
        "The report channel {Channel} gets no report, because one of its settings is invalid: {Error}")]
    private partial void ChannelIsClosed(string channel, string error);

    [LoggerMessage(310, LogLevel.Error, "The report channel {Channel} ({Kind}) rejected {Notice}: {Reason}")]
    private partial void ReportNotDelivered(string channel, string kind, string notice, string reason);
}
