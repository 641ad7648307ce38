using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications;

/// <summary>
/// Writes verifications. This class has the app's only compare-and-swap loop, and is the only one that counts closed
/// verifications. A write that throws may be stored nevertheless, so the class then reads the record, and looks for the
/// id of the write.
/// </summary>
public sealed class VerificationWriter(
    IVerificationStore store, VerificationMetrics metrics, ILogger<VerificationWriter> logger)
{
    /// <summary>
    /// The maximum number of conflicts of one change. More conflicts can only be caused by a defect of the app.
    /// </summary>
    private const int MaxConflictRetries = 500;

    /// <summary>
    /// The maximum number of attempts to read the record after a write without a response. Within each attempt, the
    /// client of the store retries too.
    /// </summary>
    private const int MaxReadBacks = 3;

    /// <summary>
    /// The number of write ids that a record keeps. More writes of one record cannot happen while a writer looks for
    /// its own write.
    /// </summary>
    private const int MaxWriteIds = 6;

    /// <summary>Writes a change. After a conflict, decides again with the changed record.</summary>
    /// <param name="decide">
    /// Reads the record, and decides about the change. Called again after each conflict, with the number of conflicts
    /// so far.
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
    /// <returns>The record as written; null if another writer has changed the record since it was read.</returns>
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
            // The client of the store retries if it gets no response. If the first attempt was stored, its retry
            // conflicts with it, so look for the write in the record.
            written = result is WriteResult.Written stored ? stored.Verification : await FindOwnAsync(next, id);
        }
        catch (Exception e)
        {
            logger.WriteOutcomeUnknown(next.Id, e.GetBaseException().GetType().Name);
            written = await ReadBackAsync(next, id, e);
        }

        if (written is not null && next is { ClosedAt: { } at, WasClosed: false })
        {
            metrics.RecordClosed(next.State, at - next.CreatedAt);
        }

        return written;
    }

    /// <summary>Finds out whether a write that threw an exception is stored.</summary>
    private async Task<Verification> ReadBackAsync(Verification next, string id, Exception failure)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // The write is not stored now, but it can still reach the store, so its outcome is unknown.
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

    /// <summary>
    /// Returns the current record if it contains a certain write, even if the record was changed since; otherwise null.
    /// </summary>
    private async Task<Verification?> FindOwnAsync(Verification next, string id) =>
        await store.GetAsync(next.Id, CancellationToken.None) is { } found
        && found.WriteIds?.Contains(id, StringComparison.Ordinal) == true ? found : null;
}

/// <summary>
/// It is unknown whether a write is or will be stored: the write threw an exception, and the record does not show it.
/// </summary>
/// <param name="next">The record that was to be written.</param>
/// <param name="inner">The exception of the write.</param>
internal sealed class UncertainWriteException(Verification next, Exception inner)
    : StoreUnavailableException("It is unknown whether the record of a verification was written.", inner)
{
    public Verification Next => next;
}

/// <summary>A decision about a verification: the record to write, or a result if nothing is to be written.</summary>
/// <param name="Next">The record to write; null to write nothing.</param>
/// <param name="Key">The idempotency key to write together with the record.</param>
/// <param name="Result">The result if nothing is written.</param>
/// <param name="Target">The stored state of the target, as it was read for a new verification.</param>
/// <param name="Owner">The number of sends to the owner, including this send.</param>
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

/// <summary>Metrics of closed verifications: their number, and how long each was open.</summary>
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

    internal void RecordClosed(VerificationState state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state.Name());
        closed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }
}
