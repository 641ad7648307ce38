using System.Diagnostics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Calls the Elastic Desktop Service (product <c>ecd</c>, version 2020-09-30). Retries only after an attempt that
/// Alibaba certainly did not accept, with a new signature; nothing below this class retries.
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

    /// <summary>Calls an operation, with retries where they are safe.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is unknown if the request was sent.</param>
    internal async Task<EcdOutcome<T>> CallAsync<T>(EcdOperation<T> operation, CancellationToken cancellationToken)
        where T : EcdResponse
    {
        var outcome = await CallTracedAsync(operation, cancellationToken);
        if (outcome.Failure is not null)
        {
            // In the background, because the caller still has to record the outcome.
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
        metrics.EcdCall(operation.Name, outcome, elapsed);
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
            // Not part of the budget: the credential source has a timeout of its own.
            key = await credentials.GetAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e)
        {
            return (transport.ToFailure(e, mayHaveBeenSent: false, proxy: null, cancellationToken), 0);
        }

        // CancelAfter would not use the TimeProvider.
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
            // If a whole attempt no longer fits into the budget, a retry could turn a certain outcome into an unknown
            // one.
            if (attempt == MaxAttempts || delay is null || remaining - delay < options.Value.Timeout
                || !await DelayAsync(delay.Value, budget.Token))
            {
                return (outcome, attempt);
            }
        }
    }

    /// <returns>The new key; the rejected key if the source has no other one or is unavailable.</returns>
    private async Task<AlibabaCredentials> RefreshAsync(
        AlibabaCredentials rejected, CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.RefreshAsync(rejected, cancellationToken);
        }
        catch (Exception)
        {
            // The source logs the reason. Alibaba's error, for the rejected key, tells the caller more.
            return rejected;
        }
    }

    /// <returns>The delay before the next attempt; null if the call must not be retried.</returns>
    private static TimeSpan? DelayAfter(EcdFailure? failure, bool isIdempotent, int attempt) => failure?.Match(
        rejected => rejected.Error switch
        {
            // Jitter, and a minimum in case Alibaba asks for no delay: throttled callers must not all retry at once.
            { Kind: EcdErrorKind.Throttled, RetryAfter: { } retryAfter } =>
                TimeSpan.FromTicks(Math.Max(retryAfter.Ticks, FirstDelay.Ticks))
                * (1 + (Random.Shared.NextDouble() / 5)),
            { Kind: EcdErrorKind.Throttled } => Backoff(attempt),
            _ => (TimeSpan?)null,
        },
        notSent => Backoff(attempt),
        unknown => isIdempotent ? Backoff(attempt) : null);

    /// <summary>Exponential, with jitter: 0.1 to 0.3 s, then 0.2 to 0.6 s.</summary>
    private static TimeSpan Backoff(int attempt) =>
        FirstDelay * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());

    /// <returns>
    /// False if the call was cancelled or its budget is used up: the outcome of the last attempt stands.
    /// </returns>
    private async Task<bool> DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
