using System.Diagnostics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Calls the Elastic Desktop Service of Alibaba Cloud (product <c>ecd</c>, version 2020-09-30). Retries a call only if
/// Alibaba certainly did not accept the previous attempt. Signs every attempt, also a retry. No layer below this class
/// repeats a request.
/// </summary>
public sealed class EcdClient(
    EcdTransport transport,
    ICredentialSource credentials,
    IOptions<AlibabaOptions> options,
    Regions regions,
    TimeProvider time,
    EcdMetrics metrics,
    TelemetryFlush telemetry,
    ILogger<EcdClient> logger)
{
    private const int MaxAttempts = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls an operation of Alibaba Cloud, with retries if they are safe.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is unknown if the request was sent.</param>
    internal async Task<EcdOutcome<T>> CallAsync<T>(EcdOperation<T> operation, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        var outcome = await CallTracedAsync(operation, cancellationToken);
        if (outcome.Failure is not null)
        {
            // Export the telemetry in the background, because the caller still has to record the outcome of the call.
            _ = telemetry.RunAsync();
        }

        return outcome;
    }

    private async Task<EcdOutcome<T>> CallTracedAsync<T>(
        EcdOperation<T> operation, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        using var activity = EdsTelemetry.Source.StartActivity($"ecd {operation.Name}", ActivityKind.Client);
        var startedAt = time.GetTimestamp();
        var (outcome, attempts) = await AttemptAllAsync(operation, cancellationToken);

        var elapsed = time.GetElapsedTime(startedAt);
        metrics.RecordCall(operation.Name, outcome, elapsed);
        logger.EcdCallEnded(operation.Name, operation.RegionId, outcome, attempts, elapsed);
        activity?.SetTag("eds.outcome", outcome.Name());
        activity?.SetTag("eds.attempts", attempts);
        return outcome;
    }

    private async Task<(EcdOutcome<T> Outcome, int Attempts)> AttemptAllAsync<T>(
        EcdOperation<T> operation, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        if (!regions.Contains(operation.RegionId))
        {
            // The region may have been removed from the configuration after the verification was recorded.
            return (new EcdFailure.NotSent("the app does not support the region; see Alibaba:AdditionalRegions"), 0);
        }

        AlibabaCredentials key;
        try
        {
            // The time budget of the call does not include the read of the access key, which has a timeout of its own.
            key = await credentials.GetAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e)
        {
            return (transport.ToFailure(e, mayHaveBeenSent: false, proxy: null, cancellationToken), 0);
        }

        // CancelAfter would use the clock of the machine instead of the TimeProvider, which a test can control.
        using var budget = new CancellationTokenSource(options.Value.Budget, time);
        using var caller = cancellationToken.UnsafeRegister(
            static budget => ((CancellationTokenSource)budget!).Cancel(), budget);
        var startedAt = time.GetTimestamp();
        var refreshed = false;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await transport.SendOnceAsync(operation, key, budget.Token);
            var keyChanged = false;
            if (outcome.Failure is EcdFailure.Rejected { Error.Kind: EcdErrorKind.Credentials } && !refreshed)
            {
                refreshed = true;
                var fresh = await RefreshAsync(key, budget.Token);
                keyChanged = !fresh.Equals(key);
                key = fresh;
            }

            var remaining = options.Value.Budget - time.GetElapsedTime(startedAt);
            var delay = keyChanged ? TimeSpan.Zero : DelayAfter(outcome.Failure, operation.IsIdempotent, attempt);
            // If the time budget left is shorter than an attempt, a retry could turn an outcome that is certain into an
            // unknown one.
            if (attempt == MaxAttempts || delay is null || remaining - delay < options.Value.Timeout
                || !await DelayAsync(delay.Value, budget.Token))
            {
                return (outcome, attempt);
            }
        }
    }

    /// <returns>The new access key; the rejected one if the source has no other key or is unavailable.</returns>
    private async Task<AlibabaCredentials> RefreshAsync(
        AlibabaCredentials rejected, CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.RefreshAsync(rejected, cancellationToken);
        }
        catch (Exception)
        {
            // The credential source logs why it has no key. The caller gets Alibaba's error about the rejected key
            // instead.
            return rejected;
        }
    }

    /// <returns>The delay before the next attempt; null if the call must not be retried.</returns>
    private static TimeSpan? DelayAfter(EcdFailure? failure, bool isIdempotent, int attempt) => failure?.Match(
        rejected => rejected.Error switch
        {
            // Jitter and a minimum delay, because throttled callers must not all retry at once. Alibaba may ask for no
            // delay.
            { Kind: EcdErrorKind.Throttled, RetryAfter: { } retryAfter } =>
                TimeSpan.FromTicks(Math.Max(retryAfter.Ticks, FirstDelay.Ticks))
                * (1 + (Random.Shared.NextDouble() / 5)),
            { Kind: EcdErrorKind.Throttled } => Backoff(attempt),
            _ => (TimeSpan?)null,
        },
        notSent => Backoff(attempt),
        unknown => isIdempotent ? Backoff(attempt) : null);

    /// <summary>The delay before a retry. Grows exponentially, with jitter: 0.1 to 0.3 s, then 0.2 to 0.6 s.</summary>
    private static TimeSpan Backoff(int attempt) =>
        FirstDelay * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());

    /// <returns>
    /// False if the caller cancelled, or the time budget of the call is used up. The call then ends with the outcome of
    /// its last attempt.
    /// </returns>
    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
