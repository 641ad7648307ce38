using EdsFunctions.Core.Alibaba;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Completes what Alibaba shows as attached, whoever attached it. One CEN can be attached to many office networks, so that only a
/// newcomer counts: what was attached when the first run after the opening looked is the baseline of a verification.
/// </summary>
public sealed class Reconciliation(
    IVerificationStore store,
    VerificationWriter writer,
    EcdClient ecd,
    IOptions<ReconcileOptions> options,
    TimeProvider time,
    ILogger<Reconciliation> logger)
{
    private const string FoundAttached = "found attached";

    /// <summary>One run: one look at the office networks of each region in which something is open.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Enabled)
        {
            return;
        }

        var regions = store.OpenAsync(regionId: null, cancellationToken).Select(open => open.Target.RegionId);
        foreach (var region in await regions.ToHashSetAsync(StringComparer.Ordinal, cancellationToken))
        {
            var lookedAt = time.GetUtcNow();
            if (await AttachedAsync(region, cancellationToken) is not { } attached)
            {
                continue;
            }

            await foreach (var open in store.OpenAsync(region, cancellationToken))
            {
                if (open.Target.CenId is { } cen && After(open, [.. attached[cen]], lookedAt) is { } next
                    // Where another writer was first, the next run looks again.
                    && await writer.WriteAsync(next, key: null, cancellationToken) is WriteResult.Written
                    && !next.IsOpen)
                {
                    logger.FoundAttached(next.Id, next.OfficeSiteId!);
                }
            }
        }
    }

    /// <summary>A verification as what is attached leaves it; null for unchanged.</summary>
    private Verification? After(Verification open, IReadOnlyList<string> attached, DateTimeOffset lookedAt)
    {
        if (open.Attaching is { } attempt && attached.Contains(attempt.OfficeSiteId))
        {
            return open.Attached(attempt, FoundAttached, time.GetUtcNow());
        }

        return open.Baseline switch
        {
            // Opened while we looked: what it finds attached could have come after the look and before it was opened.
            null when open.CreatedAt > lookedAt => null,
            null => open with { Baseline = attached },
            { } baseline when attached.Except(baseline).FirstOrDefault() is { } newcomer =>
                open.Attached(new AttachAttempt(newcomer, lookedAt, By: null), FoundAttached, time.GetUtcNow()),
            _ => null,
        };
    }

    /// <summary>The office networks of a region by the CEN that is attached to them; null where Alibaba does not say.</summary>
    private async Task<ILookup<string?, string>?> AttachedAsync(string region, CancellationToken cancellationToken)
    {
        var attached = new List<OfficeSite>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var outcome = await ecd.DescribeOfficeSitesAsync(region, officeSiteId: null, next, cancellationToken);
            if (outcome is not EcdOutcome.Accepted { Answer: OfficeSitePage page })
            {
                cancellationToken.ThrowIfCancellationRequested();
                var missing = outcome is EcdOutcome.Rejected { Error: { Kind: EcdErrorKind.Permission } error }
                    ? error.MissingAction ?? "ecd:DescribeOfficeSites"
                    : null;
                logger.RegionNotReconciled(region, outcome.Name(), missing);
                return null;
            }

            attached.AddRange(page.Items.Where(site => site.IsAttached));
            next = page.NextToken;
        }
        // A list that leads back to where it was has no end.
        while (next is not null && seen.Add(next));

        return attached.ToLookup(site => site.CenId, site => site.Id);
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
