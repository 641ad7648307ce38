using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Writes verifications: the only compare-and-swap loop, and the only place that counts closed verifications. A write
/// that throws may be stored nevertheless, so it is read back by its id.
/// </summary>
public sealed class VerificationWriter(
    IVerificationStore store, VerificationMetrics metrics, ILogger<VerificationWriter> logger)
{
    /// <summary>More conflicts in a row are a defect.</summary>
    private const int MaxConflictRetries = 500;

    /// <summary>The number of attempts to read a write back; the store's client retries each.</summary>
    private const int MaxReadBacks = 3;

    /// <summary>
    /// The number of write ids in a record: more than the writes that can happen while one write is read back.
    /// </summary>
    private const int MaxWriteIds = 6;

    /// <summary>Writes a change; decides again after a conflict.</summary>
    /// <param name="decide">
    /// Yields the change, given the number of conflicts so far. After a conflict, it must read the record again.
    /// </param>
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

        throw new InvalidOperationException(
            $"A verification could not be written: other writers changed its record {MaxConflictRetries} times.");
    }

    /// <summary>Writes a verification once.</summary>
    /// <returns>The record as written; null if another writer was first.</returns>
    /// <exception cref="UncertainWriteException">It is unknown whether the change was written.</exception>
    private async Task<Verification?> WriteAsync(StoreWrite write)
    {
        var id = Guid.NewGuid().ToString("N");
        var earlier = (write.Verification.WriteIds ?? "").Split(' ').Take(MaxWriteIds - 1);
        var next = write.Verification with { WriteIds = string.Join(' ', [id, .. earlier]) };
        Verification? written;
        try
        {
            var result = await store.WriteAsync(write with { Verification = next });
            // The store's client retries if it gets no response. Then the retry conflicts with the first attempt if
            // that was stored.
            written = result is WriteResult.Written stored ? stored.Verification : await FindOwnAsync(next, id);
        }
        catch (Exception e)
        {
            logger.WriteOutcomeUnknown(next.Id, e.GetBaseException().GetType().Name);
            written = await ReadBackAsync(next, id, e);
        }

        if (written is not null && next is { ClosedAt: { } at, WasClosed: false })
        {
            metrics.Closed(next.State, at - next.CreatedAt);
        }

        return written;
    }

    /// <summary>Reads back a write that threw.</summary>
    private async Task<Verification> ReadBackAsync(Verification next, string id, Exception failure)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // A write that is not stored yet can still reach the store.
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

    /// <summary>The current record if it contains a write, even if it was changed since; otherwise null.</summary>
    private async Task<Verification?> FindOwnAsync(Verification next, string id) =>
        await store.GetAsync(next.Id, CancellationToken.None) is { } found
        && found.WriteIds?.Contains(id, StringComparison.Ordinal) == true ? found : null;
}

/// <summary>It is unknown whether a write was or will be stored: it threw, and could not be read back.</summary>
/// <param name="next">The record of the write.</param>
/// <param name="inner">The exception of the write.</param>
internal sealed class UncertainWriteException(Verification next, Exception inner)
    : StoreUnavailableException("It is unknown whether the record of a verification was written.", inner)
{
    public Verification Next => next;
}

/// <summary>The decision about a verification: a record to write, or the result if there is none.</summary>
/// <param name="Next">The record to write; null to write nothing.</param>
/// <param name="Key">The idempotency key to write with it.</param>
/// <param name="Result">The result if nothing is written.</param>
/// <param name="Target">The state of the target that a new verification is based on.</param>
/// <param name="Owner">The sends to the owner.</param>
public readonly record struct Change<T>(
    Verification? Next,
    IdempotencyEntry? Key = null,
    T? Result = null,
    TargetState? Target = null,
    OwnerSends? Owner = null)
    where T : class
{
    public static implicit operator Change<T>(Verification next) => new(next);

    public static implicit operator Change<T>(T result) => new(Next: null, Result: result);
}

/// <summary>Counts closed verifications, and the time each was open.</summary>
public sealed class VerificationMetrics
{
    private readonly Counter<long> closed;
    private readonly Histogram<double> timeToClose;

    public VerificationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        closed = meter.CreateCounter<long>(
            "eds.verifications.closed", "{verification}", "Verifications that were closed, by state.");
        timeToClose = meter.CreateHistogram<double>(
            "eds.verifications.time_to_close", "s", "Time from the creation of a verification to its close, by state.");
    }

    internal void Closed(VerificationState state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state.Name());
        closed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }
}
