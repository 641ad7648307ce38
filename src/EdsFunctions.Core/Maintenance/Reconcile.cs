using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Maintenance;

/// <summary>
/// Completes what Alibaba shows as attached, whoever attached it. One CEN can be attached to many office networks, so only a new
/// attachment counts: the office networks that named the CEN when the first run after the opening looked are the baseline of a
/// verification. An attachment completes one verification; if several could be meant, it completes none.
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

    /// <summary>A list of more pages than this, of 100 office networks each, is not read to its end.</summary>
    private const int MaxPages = 50;

    /// <summary>A verification of a CEN with more office networks than this is not completed by itself: its record would become too large.</summary>
    private const int MaxBaseline = 500;

    /// <summary>The office networks that name a CEN, whatever their status, and those of them that are attached.</summary>
    private sealed record Networks(List<string> All, List<string> Attached);

    /// <summary>Takes one look at the office networks of each region in which something is open.</summary>
    internal Task RunAsync(IReadOnlyList<Verification> current, CancellationToken cancellationToken) => EachItem.RunAsync(
        options.Value.Enabled ? current.Where(one => one.IsOpen).GroupBy(one => one.Target.RegionId, StringComparer.Ordinal) : [],
        async region =>
        {
            var lookedAt = store.UtcNow;
            if (await ReadAsync(region.Key, cancellationToken) is { } networks)
            {
                // What is being sent is left alone.
                await EachItem.RunAsync(
                    region.Where(one => one is { Target.CenId: not null, State: not VerificationState.Sending })
                        .GroupBy(one => one.Target.CenId!, StringComparer.Ordinal),
                    cen => ApplyAsync([.. cen], networks.GetValueOrDefault(cen.Key, new([], [])), lookedAt, cancellationToken),
                    cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Applies what is attached to the open verifications of one CEN.</summary>
    private async Task ApplyAsync(
        List<Verification> verifications, Networks networks, DateTimeOffset lookedAt, CancellationToken cancellationToken)
    {
        foreach (var site in networks.Attached)
        {
            var meant = new List<Verification>();
            foreach (var verification in verifications.Where(one => IsNew(site, one)))
            {
                if (!await attachments.BelongsToAnotherAsync(site, verification, cancellationToken))
                {
                    meant.Add(verification);
                }
            }

            var asked = meant.Where(one => one.Attaching?.OfficeSiteId == site).ToList();
            if (asked.Count == 1)
            {
                meant = asked;
            }

            if (meant is [var open])
            {
                verifications.Remove(open);
                await CompleteAsync(open, site, lookedAt);
            }
            else if (meant.Count > 1)
            {
                logger.AttachmentIsAmbiguous(site, meant.Count);
            }
        }

        foreach (var verification in verifications.Where(one => one.Baseline is null && networks.All.Count <= MaxBaseline))
        {
            await ChangeAsync(verification, found => Task.FromResult(
                found.Baseline is null ? found with { Baseline = networks.All } : null));
        }
    }

    private static bool IsNew(string site, Verification open) =>
        open.Attaching?.OfficeSiteId == site || (open.Baseline is { } baseline && !baseline.Contains(site));

    private async Task CompleteAsync(Verification open, string site, DateTimeOffset lookedAt)
    {
        var completed = await ChangeAsync(open, async found =>
        {
            var isAsked = found.Attaching?.OfficeSiteId == site;
            if (!isAsked && found.IsAttachInProgress(store.UtcNow, rules))
            {
                // Its request is completed by its own attachment.
                return null;
            }

            await attachments.CreditAsync(site, open.Id, store.UtcNow);
            return found.Attached(
                isAsked ? found.Attaching! : new AttachAttempt(site, lookedAt, By: null), FoundAttached, store.UtcNow);
        });
        if (completed is not null)
        {
            logger.FoundAttached(completed.Id, site);
        }
    }

    /// <summary>Changes a verification as long as it is open and not resent: the report has marked it since it was read.</summary>
    private async Task<Verification?> ChangeAsync(Verification read, Func<Verification, Task<Verification?>> change) =>
        (await writer.ChangeAsync<object>(async _ =>
            await store.GetAsync(read.Id, CancellationToken.None) is { IsOpen: true } found && found.SendCount == read.SendCount
                ? new(await change(found))
                : new(Next: null))).Written;

    /// <summary>The office networks of a region by the CEN that they name; null if Alibaba does not say.</summary>
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
                var named = networks.TryGetValue(site.CenId!, out var known) ? known : networks[site.CenId!] = new([], []);
                named.All.Add(site.Id);
                if (site.IsAttached)
                {
                    named.Attached.Add(site.Id);
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

        // A list that leads back to where it was, or that has no end, says nothing of what is not in it.
        logger.RegionNotReconciled(region, "endless list", null);
        return null;
    }
}

/// <summary>
/// Configuration section <c>Reconcile</c>: whether to complete what Alibaba shows as attached. It needs the permission
/// <c>ecd:DescribeOfficeSites</c>.
/// </summary>
public sealed class ReconcileOptions
{
    public const string Section = "Reconcile";

    public bool Enabled { get; set; }
}
