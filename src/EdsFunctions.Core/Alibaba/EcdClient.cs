using System.Diagnostics;
using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Calls the Elastic Desktop Service (product <c>ecd</c>, version 2020-09-30). A call is repeated only if the attempt before was
/// certainly not accepted, and every attempt is signed afresh; nothing below this class resends.
/// </summary>
public sealed class EcdClient(
    EcdTransport transport,
    ICredentialSource credentials,
    IOptions<AlibabaOptions> options,
    Regions regions,
    TimeProvider time,
    EcdMetrics metrics,
    ILogger<EcdClient> logger)
{
    private const int MaxAttempts = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Calls an operation, and repeats it if that is safe.</summary>
    /// <param name="operation">The request.</param>
    /// <param name="cancellationToken">Cancels the call; the outcome is unknown if the request had left.</param>
    internal async Task<EcdOutcome<T>> CallAsync<T>(EcdOperation<T> operation, CancellationToken cancellationToken)
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
            // Recorded by a version of the app that did not check it, or under another configuration.
            return (new EcdFailure.NotSent("the Elastic Desktop Service is not served in the region"), 0);
        }

        AlibabaCredentials key;
        try
        {
            // Outside of the budget: reading the key has a time limit of its own.
            key = await credentials.GetAsync(cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
        }
        catch (Exception e)
        {
            return (transport.ToFailure(e, mayHaveLeft: false, cancellationToken), 0);
        }

        // Not CancelAfter, which takes the time of the system and not the one that was given.
        using var budget = new CancellationTokenSource(options.Value.Budget, time);
        using var caller = cancellationToken.UnsafeRegister(static budget => ((CancellationTokenSource)budget!).Cancel(), budget);
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

            var left = options.Value.Budget - time.GetElapsedTime(startedAt);
            var delay = keyChanged ? TimeSpan.Zero : DelayAfter(outcome.Failure, operation.MayRepeat, attempt);
            // An attempt that the budget ends has an unknown outcome; the one before has a certain one.
            if (attempt == MaxAttempts || delay is null || left - delay < options.Value.Timeout
                || !await WaitAsync(delay.Value, budget.Token))
            {
                return (outcome, attempt);
            }
        }
    }

    /// <returns>The refused key if there is no other, or if the vault cannot be read, which the source logs.</returns>
    private async Task<AlibabaCredentials> RefreshAsync(AlibabaCredentials refused, CancellationToken cancellationToken)
    {
        try
        {
            return await credentials.RefreshAsync(refused, cancellationToken);
        }
        catch (Exception)
        {
            // Alibaba's refusal says more to the caller.
            return refused;
        }
    }

    /// <summary>How long to wait before the same is tried again; null if it is not, since it may have been done or would fail again.</summary>
    private static TimeSpan? DelayAfter(EcdFailure? failure, bool mayRepeat, int attempt) => failure?.Match(
        rejected => rejected.Error switch
        {
            // A little later than asked for, so that not all callers come back at once, nor at once if Alibaba says zero.
            { Kind: EcdErrorKind.Throttled, RetryAfter: { } wait } =>
                TimeSpan.FromTicks(Math.Max(wait.Ticks, FirstDelay.Ticks)) * (1 + (Random.Shared.NextDouble() / 5)),
            { Kind: EcdErrorKind.Throttled } => Backoff(attempt),
            _ => (TimeSpan?)null,
        },
        notSent => Backoff(attempt),
        unknown => mayRepeat ? Backoff(attempt) : null);

    /// <summary>Exponential, with jitter: 0.1 to 0.3 s, then 0.2 to 0.6 s.</summary>
    private static TimeSpan Backoff(int attempt) => FirstDelay * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());

    /// <returns>False if the caller gave up or the budget ended meanwhile: the last outcome stands.</returns>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
