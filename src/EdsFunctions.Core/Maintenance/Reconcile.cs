using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// A step of the timer. Completes verifications whose CEN was attached without this app, if Alibaba Cloud's list of
/// office networks shows the attachment. A CEN can be attached to many office networks, so only new attachments count:
/// the office networks that the CEN has at the first run after the verification was opened are its baseline, and are
/// ignored. An attachment completes one verification, or none if several match.
/// </summary>
public sealed class Reconcile(
    IVerificationStore store,
    VerificationWriter writer,
    EcdClient ecd,
    Attachments attachments,
    SendRules rules,
    IOptions<ReconcileOptions> options,
    ILogger<Reconcile> logger)
{
    private const string FoundAttached = "found attached";

    /// <summary>
    /// The maximum number of pages that are read, with 100 office networks each. A region with more pages is not
    /// reconciled.
    /// </summary>
    private const int MaxPages = 50;

    /// <summary>
    /// The maximum number of office networks in a baseline, which is a part of the record. If a CEN has more office
    /// networks, its verifications are not reconciled.
    /// </summary>
    private const int MaxBaseline = 500;

    /// <param name="All">All office networks of a CEN, whatever the status of their attachment is.</param>
    /// <param name="Attached">The office networks whose attachment to the CEN is complete.</param>
    private sealed record Networks(List<string> All, List<string> Attached);

    /// <summary>
    /// Reads the office networks of each region that has an open verification, and completes verifications.
    /// </summary>
    internal Task RunAsync(
        IReadOnlyList<Verification> current, CancellationToken cancellationToken) => EachItem.RunAsync(
        options.Value.Enabled
            ? current.Where(one => one.IsOpen).GroupBy(open => open.Target.RegionId, StringComparer.Ordinal)
            : [],
        async region =>
        {
            var readAt = store.UtcNow;
            if (await ReadAsync(region.Key, cancellationToken) is { } networks)
            {
                // Skip a verification whose send is in progress, because the send changes the record.
                await EachItem.RunAsync(
                    region.Where(one => one is { Target.CenId: not null, State: not VerificationState.Sending })
                        .GroupBy(one => one.Target.CenId!, StringComparer.Ordinal),
                    cen => ApplyAsync(
                        [.. cen], networks.GetValueOrDefault(cen.Key, new([], [])), readAt, cancellationToken),
                    cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>
    /// Completes open verifications of one CEN, and records the baseline of each verification that has none.
    /// </summary>
    private async Task ApplyAsync(
        List<Verification> verifications, Networks networks, DateTimeOffset readAt, CancellationToken cancellationToken)
    {
        foreach (var site in networks.Attached)
        {
            var candidates = new List<Verification>();
            foreach (var verification in verifications.Where(one => IsNew(site, one)))
            {
                if (!await attachments.BelongsToAnotherAsync(site, verification, cancellationToken))
                {
                    candidates.Add(verification);
                }
            }

            var requested = candidates.Where(one => one.Attaching?.OfficeSiteId == site).ToList();
            if (requested.Count == 1)
            {
                candidates = requested;
            }

            if (candidates is [var open])
            {
                verifications.Remove(open);
                await CompleteAsync(open, site, readAt);
            }
            else if (candidates.Count > 1)
            {
                logger.AttachmentIsAmbiguous(site, candidates.Count);
            }
        }

        foreach (var verification in verifications.Where(
            one => one.Baseline is null && networks.All.Count <= MaxBaseline))
        {
            await ChangeAsync(verification, found => Task.FromResult(
                found.Baseline is null ? found with { Baseline = networks.All } : null));
        }
    }

    private static bool IsNew(string site, Verification open) =>
        open.Attaching?.OfficeSiteId == site || (open.Baseline is { } baseline && !baseline.Contains(site));

    private async Task CompleteAsync(Verification open, string site, DateTimeOffset readAt)
    {
        var completed = await ChangeAsync(open, async found =>
        {
            var isRequested = found.Attaching?.OfficeSiteId == site;
            if (!isRequested && found.IsAttachInProgress(store.UtcNow, rules))
            {
                // While the app attaches the CEN for this verification, only that attachment completes the
                // verification.
                return null;
            }

            await attachments.RecordOwnerAsync(site, open.Id, store.UtcNow);
            return found.CompleteAttachment(
                isRequested ? found.Attaching! : new AttachAttempt(site, readAt, By: null),
                FoundAttached,
                store.UtcNow);
        });
        if (completed is not null)
        {
            logger.FoundAttached(completed.Id, site);
        }
    }

    /// <summary>
    /// Changes a verification, unless the verification was closed or its code was resent since the run read it.
    /// </summary>
    private async Task<Verification?> ChangeAsync(Verification read, Func<Verification, Task<Verification?>> change) =>
        (await writer.ChangeAsync<object>(async _ =>
            await store.GetAsync(read.Id, CancellationToken.None) is { IsOpen: true } found
            && found.SendCount == read.SendCount
                ? new(await change(found))
                : new(Next: null))).Written;

    /// <summary>Reads the office networks of a region, grouped by CEN; null if Alibaba's list is unavailable.</summary>
    private async Task<Dictionary<string, Networks>?> ReadAsync(string region, CancellationToken cancellationToken)
    {
        var networks = new Dictionary<string, Networks>(StringComparer.Ordinal);
        var tokens = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        for (var pages = 0; pages < MaxPages; pages++)
        {
            var outcome = await ecd.CallAsync(
                new DescribeOfficeSites(region, officeSiteId: null, next), cancellationToken);
            if (outcome.Response is not { } page)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var missing = outcome.Failure is EcdFailure.Rejected { Error: { Kind: EcdErrorKind.Permission } error }
                    ? error.MissingAction ?? DescribeOfficeSites.RamAction
                    : null;
                logger.RegionNotReconciled(region, outcome.Name(), missing);
                return null;
            }

            foreach (var site in page.Items.Where(site => site.CenId is not null))
            {
                if (!networks.TryGetValue(site.CenId!, out var ofCen))
                {
                    networks[site.CenId!] = ofCen = new([], []);
                }

                ofCen.All.Add(site.Id);
                if (site.IsAttached)
                {
                    ofCen.Attached.Add(site.Id);
                }
            }

            next = page.NextToken;
            if (next is null)
            {
                return networks;
            }

            if (!tokens.Add(next))
            {
                break;
            }
        }

        // The list has too many pages to read. An incomplete list cannot prove that an office network is not in it.
        logger.RegionNotReconciled(region, "Alibaba's list has no end", null);
        return null;
    }
}

/// <summary>
/// Configuration section <c>Reconcile</c>: whether the timer completes verifications whose CEN was attached without the
/// app.
/// </summary>
public sealed class ReconcileOptions
{
    public const string Section = "Reconcile";

    /// <summary>
    /// Whether the timer reads Alibaba Cloud's list of office networks and completes verifications whose CEN is
    /// attached. Requires the RAM permission <c>ecd:DescribeOfficeSites</c>. Default: <c>false</c>.
    /// </summary>
    public bool Enabled { get; set; }
}
