using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Writes verifications: the one compare-and-swap loop, and the one place that counts closed verifications. A write with an unknown
/// outcome, whose response was lost or that timed out, is read back by its id.
/// </summary>
public sealed class VerificationWriter(
    IVerificationStore store, VerificationMetrics metrics, ILogger<VerificationWriter> logger)
{
    /// <summary>More conflicts in a row than this have another cause than other writers.</summary>
    private const int MaxConflictRetries = 500;

    /// <summary>How often a write is read back before its outcome stays unknown; the store's client retries each time as well.</summary>
    private const int MaxReadBacks = 3;

    /// <summary>How many writes of a verification are remembered: more than can happen while one of them is read back.</summary>
    private const int MaxWriteIds = 6;

    /// <summary>Writes a change; if another writer was first, decides again.</summary>
    /// <param name="decide">Decides what to write; gets the number of conflicts so far, so that it knows when to read again.</param>
    /// <returns>The record as written, or the result if nothing was written.</returns>
    /// <exception cref="UncertainWriteException">It is unknown whether the change was written.</exception>
    public async Task<(Verification? Written, T? Result)> ChangeAsync<T>(Func<int, Task<Change<T>>> decide)
        where T : class
    {
        for (var conflicts = 0; conflicts < MaxConflictRetries; conflicts++)
        {
            var change = await decide(conflicts);
            if (change.Next is null)
            {
                return (null, change.Result);
            }

            if (await WriteAsync(new StoreWrite(change.Next, change.Key, change.Target, change.Owner)) is { } written)
            {
                return (written, null);
            }
        }

        throw new InvalidOperationException("The verification changed under every attempt to write it.");
    }

    /// <summary>Writes a new verification or the next version of one, once.</summary>
    /// <returns>The record as written; null if another writer was first.</returns>
    /// <exception cref="UncertainWriteException">It is unknown whether the change was written.</exception>
    internal async Task<Verification?> WriteAsync(StoreWrite write)
    {
        var id = Guid.NewGuid().ToString("N");
        var next = write.Verification with { WriteIds = string.Join(' ', [id, .. (write.Verification.WriteIds ?? "").Split(' ').Take(MaxWriteIds - 1)]) };
        Verification? written;
        try
        {
            var result = await store.WriteAsync(write with { Verification = next });
            // The store's client sends a write again whose response was lost, and the second one conflicts with the first.
            written = result is WriteResult.Written stored ? stored.Verification : await FindOwnAsync(next, id);
        }
        catch (Exception e)
        {
            logger.WriteOutcomeUnknown(next.Id, e.GetType().Name);
            written = await ReadBackAsync(next, id, e);
        }

        if (written is not null && next is { ClosedAt: { } at, WasClosed: false })
        {
            metrics.Closed(next.State, at - next.CreatedAt);
        }

        return written;
    }

    /// <summary>Finds out how a write ended that threw.</summary>
    private async Task<Verification> ReadBackAsync(Verification next, string id, Exception failure)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // If it is not there, it can still be on its way to the store.
                return await FindOwnAsync(next, id) ?? throw new UncertainWriteException(next, failure);
            }
            catch (Exception e) when (e is not UncertainWriteException)
            {
                if (attempt == MaxReadBacks)
                {
                    throw new UncertainWriteException(next, failure);
                }
            }
        }
    }

    /// <summary>The record as it stands if a write is in it, even if another writer has changed it since; null if it is not.</summary>
    private async Task<Verification?> FindOwnAsync(Verification next, string id) =>
        await store.GetAsync(next.Id, CancellationToken.None) is { } found && found.WriteIds?.Contains(id, StringComparison.Ordinal) == true ? found : null;
}

/// <summary>It is unknown whether a write was stored: it threw, and then it was not there, or the store could not be read.</summary>
/// <param name="next">What was written.</param>
/// <param name="inner">What the write threw.</param>
internal sealed class UncertainWriteException(Verification next, Exception inner)
    : Exception("It is unknown whether the record was written.", inner)
{
    public Verification Next => next;
}

/// <summary>What to do with a verification: a record to write, or the result if there is none.</summary>
/// <param name="Next">The record to write; null to write nothing.</param>
/// <param name="Key">The idempotency key to write with it.</param>
/// <param name="Result">The result if nothing is written.</param>
/// <param name="Target">The state of the target that a new verification is based on.</param>
/// <param name="Owner">The sends to the owner.</param>
public readonly record struct Change<T>(
    Verification? Next, IdempotencyEntry? Key = null, T? Result = null, TargetState? Target = null, OwnerSends? Owner = null)
    where T : class
{
    public static implicit operator Change<T>(Verification next) => new(next);

    public static implicit operator Change<T>(T result) => new(Next: null, Result: result);
}

/// <summary>Counts closed verifications, how long each was open, and records that cannot be read.</summary>
public sealed class VerificationMetrics
{
    private readonly Counter<long> closed;
    private readonly Histogram<double> timeToClose;
    private readonly Counter<long> unreadable;

    public VerificationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        closed = meter.CreateCounter<long>("eds.verifications.closed", "{verification}", "Closed verifications by state.");
        timeToClose = meter.CreateHistogram<double>("eds.verifications.time_to_close", "s", "From creation to the end, by state.");
        unreadable = meter.CreateCounter<long>("eds.verifications.unreadable", "{read}", "Reads of records from a newer version of the app.");
    }

    internal void Unreadable() => unreadable.Add(1);

    internal void Closed(VerificationState state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state.Name());
        closed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }
}
