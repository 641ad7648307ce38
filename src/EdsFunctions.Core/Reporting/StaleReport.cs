using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Verifications;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdsFunctions.Core.Reporting;

/// <summary>
/// The companion of the sends: settles what died on the way, gives up what is too old, and says what waits too long. A run is safe to
/// repeat, to overlap and to miss: each change is a compare-and-swap, and what was not marked as reported is due again.
/// </summary>
public sealed class StaleReport(
    IVerificationStore store,
    VerificationService verifications,
    IOptions<StaleReportOptions> options,
    TimeProvider time,
    EdsMetrics metrics,
    ILogger<StaleReport> logger)
{
    /// <summary>How many verifications one report names; the others follow in the next ones.</summary>
    public const int MaxItems = 20;

    private const int PageSize = 200;

    /// <summary>What a run would say now; changes nothing. Names stale verifications that are not due as well, and says which.</summary>
    public Task<StaleDigest> PreviewAsync(CancellationToken cancellationToken) => SelectAsync(dueOnly: false, cancellationToken);

    /// <summary>One run.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var activity = EdsActivities.Source.StartActivity("stale report");
        try
        {
            await verifications.SweepAsync(PageSize, cancellationToken);
            var digest = await SelectAsync(dueOnly: true, cancellationToken);
            if (digest.DueCount > 0)
            {
                logger.StaleVerifications(
                    digest.StaleCount,
                    StaleText.Duration(digest.Oldest),
                    digest.DueCount,
                    digest.DueCount - digest.Items.Count,
                    StaleText.Lines(digest));
            }

            foreach (var item in digest.Items)
            {
                // Where another writer was first it is no longer what was said, and the next run looks at it anew.
                await store.UpdateAsync(item.Verification.MarkReported(digest.At), key: null, cancellationToken);
            }

            await store.TidyAsync(digest.At - IdempotencyKey.KeptFor, cancellationToken);
            metrics.ReportSucceeded(time.GetUtcNow(), digest.StaleCount, digest.DueCount, digest.Items.Count, digest.Oldest);
        }
        catch (Exception e)
        {
            metrics.ReportFailed();
            if (e is not OperationCanceledException)
            {
                logger.ReportFailed(e);
            }

            throw;
        }
    }

    private async Task<StaleDigest> SelectAsync(bool dueOnly, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var repeatAfter = options.Value.RepeatAfter;
        var items = new List<StaleItem>();
        var (stale, due, oldest) = (0, 0, TimeSpan.Zero);
        Guid? after = null;
        IReadOnlyList<Verification> page;
        do
        {
            page = await store.ListWaitingAsync(now - options.Value.Threshold, after, PageSize, cancellationToken);
            foreach (var listed in page)
            {
                after = listed.Id;
                // In a run the sweep has been there before; in a preview nobody has.
                var verification = verifications.AsSwept(listed, now);
                if (verification is null || !verification.IsStale(now, options.Value.Threshold))
                {
                    continue;
                }

                var waiting = now - verification.WaitingSince;
                oldest = waiting > oldest ? waiting : oldest;
                stale++;
                var isDue = verification.IsDue(now, repeatAfter);
                due += isDue ? 1 : 0;
                if (items.Count < MaxItems && (isDue || !dueOnly))
                {
                    items.Add(new StaleItem(
                        verification, waiting, isDue, isDue ? now : verification.Reported!.NextAt(repeatAfter)));
                }
            }
        }
        while (page.Count == PageSize);

        return new StaleDigest(now, options.Value.Threshold, stale, due, items, oldest);
    }
}
