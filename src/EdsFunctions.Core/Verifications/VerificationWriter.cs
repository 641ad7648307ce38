using System.Diagnostics.Metrics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Verifications;

/// <summary>Writes verifications: the one compare-and-swap loop, and the one place that counts closed verifications.</summary>
public sealed class VerificationWriter(IVerificationStore store, VerificationMetrics metrics)
{
    /// <summary>More conflicts in a row than this have another cause than other writers.</summary>
    private const int MaxConflictRetries = 32;

    /// <summary>Writes a change; if another writer was first, decides again.</summary>
    /// <param name="decide">Decides what to write; gets the number of conflicts so far, so that it knows when to read again.</param>
    /// <param name="cancellationToken">Cancels a write that has not started.</param>
    /// <returns>The record as written, or the result if nothing was written.</returns>
    public async Task<(Verification? Written, T? Result)> ChangeAsync<T>(
        Func<int, Task<Change<T>>> decide, CancellationToken cancellationToken)
        where T : class
    {
        for (var conflicts = 0; conflicts < MaxConflictRetries; conflicts++)
        {
            var change = await decide(conflicts);
            if (change.Next is null)
            {
                return (null, change.Result);
            }

            switch (await WriteAsync(change.Next, change.Key, cancellationToken))
            {
                case WriteResult.Written written:
                    return (written.Verification, null);
                case WriteResult.KeyTaken when change.Result is not null:
                    return (null, change.Result);
            }
        }

        throw new InvalidOperationException("The verification changed under every attempt to write it.");
    }

    /// <summary>Writes a new verification or the next version of one, once.</summary>
    internal async Task<WriteResult> WriteAsync(Verification next, IdempotencyEntry? key, CancellationToken cancellationToken)
    {
        var result = next.Version is null
            ? await store.CreateAsync(next, key, cancellationToken)
            : await store.UpdateAsync(next, key, cancellationToken);
        if (result is WriteResult.Written && next.ClosedAt is { } at)
        {
            metrics.Closed(next.State, at - next.CreatedAt);
        }

        return result;
    }
}

/// <summary>What to do with a verification.</summary>
/// <param name="Next">The record to write; null to write nothing.</param>
/// <param name="Key">The idempotency key to write with it.</param>
/// <param name="Result">The result if nothing is written, either by decision or because the key is taken.</param>
public readonly record struct Change<T>(Verification? Next, IdempotencyEntry? Key = null, T? Result = null)
    where T : class;

/// <summary>Counts closed verifications, and how long each was open.</summary>
public sealed class VerificationMetrics
{
    private readonly Counter<long> closed;
    private readonly Histogram<double> timeToClose;

    public VerificationMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(EdsTelemetry.MeterName);
        closed = meter.CreateCounter<long>("eds.verifications.closed", "{verification}", "Closed verifications by state.");
        timeToClose = meter.CreateHistogram<double>("eds.verifications.time_to_close", "s", "From creation to the end, by state.");
    }

    internal void Closed(VerificationState state, TimeSpan lifetime)
    {
        var tag = new KeyValuePair<string, object?>("state", state.Name());
        closed.Add(1, tag);
        timeToClose.Record(lifetime.TotalSeconds, tag);
    }
}
