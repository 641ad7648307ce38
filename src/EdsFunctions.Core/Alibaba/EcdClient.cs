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

    /// <summary>Asks Alibaba to e-mail a verification code to the owner of a CEN.</summary>
    /// <param name="target">The CEN and its owner.</param>
    /// <param name="cancellationToken">Gives up; what had left by then is <see cref="EcdOutcome.Unknown"/>.</param>
    public Task<EcdOutcome> SendVerifyCodeAsync(CenTarget target, CancellationToken cancellationToken) =>
        CallAsync(EcdOperation.SendVerifyCode, target.RegionId, EcdParameters.SendVerifyCode(target), cancellationToken);

    /// <summary>Asks whether a CEN can be attached with a CIDR block and a code; an accepted call has a <see cref="CenCheck"/>.</summary>
    /// <param name="target">The CEN.</param>
    /// <param name="cidrBlock">The addresses of the office network.</param>
    /// <param name="code">The code that its owner got; null if the caller owns it.</param>
    /// <param name="cancellationToken">Gives up; a try may have counted by then.</param>
    internal Task<EcdOutcome> VerifyCenAsync(
        CenTarget target, CidrBlock cidrBlock, VerifyCode? code, CancellationToken cancellationToken) => CallAsync(
            EcdOperation.VerifyCen,
            target.RegionId,
            EcdParameters.WithCode(target, code, new("CidrBlock", cidrBlock.Value)),
            cancellationToken);

    /// <summary>Attaches a CEN to an office network.</summary>
    /// <param name="target">The CEN.</param>
    /// <param name="officeSiteId">The office network.</param>
    /// <param name="code">The code that its owner got; null if the caller owns it.</param>
    /// <param name="cancellationToken">Gives up; it may be attached by then.</param>
    internal Task<EcdOutcome> AttachCenAsync(
        CenTarget target, OfficeSiteId officeSiteId, VerifyCode? code, CancellationToken cancellationToken) => CallAsync(
            EcdOperation.AttachCen,
            target.RegionId,
            EcdParameters.WithCode(target, code, new("OfficeSiteId", officeSiteId.Value)),
            cancellationToken);

    /// <summary>A page of the office networks of a region; an accepted call has an <see cref="OfficeSitePage"/>.</summary>
    /// <param name="regionId">The region.</param>
    /// <param name="officeSiteId">That one alone; null for all.</param>
    /// <param name="nextToken">Continues a list; null from the start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<EcdOutcome> DescribeOfficeSitesAsync(
        string regionId, string? officeSiteId, string? nextToken, CancellationToken cancellationToken) => CallAsync(
            EcdOperation.DescribeOfficeSites,
            regionId,
            EcdParameters.DescribeOfficeSites(regionId, officeSiteId, nextToken),
            cancellationToken);

    private async Task<EcdOutcome> CallAsync(
        EcdOperation operation, string regionId, Acs3Parameter[] parameters, CancellationToken cancellationToken)
    {
        using var activity = EdsTelemetry.Source.StartActivity($"ecd {operation.Action}", ActivityKind.Client);
        var startedAt = time.GetTimestamp();
        var (outcome, attempts) = await AttemptAllAsync(operation, regionId, parameters, cancellationToken);

        var elapsed = time.GetElapsedTime(startedAt);
        metrics.EcdCall(operation.Action, outcome, elapsed);
        logger.EcdCallEnded(operation.Action, regionId, outcome, attempts, elapsed);
        activity?.SetTag("eds.outcome", outcome.Name());
        activity?.SetTag("eds.attempts", attempts);
        return outcome;
    }

    private async Task<(EcdOutcome Outcome, int Attempts)> AttemptAllAsync(
        EcdOperation operation, string regionId, Acs3Parameter[] parameters, CancellationToken cancellationToken)
    {
        if (!regions.Contains(regionId))
        {
            // Recorded by a version of the app that did not check it, or under another configuration.
            return (new EcdOutcome.NotSent("the Elastic Desktop Service is not served in the region"), 0);
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
            return (transport.OutcomeOf(e, mayHaveLeft: false, cancellationToken), 0);
        }

        // Not CancelAfter, which takes the time of the system and not the one that was given.
        using var budget = new CancellationTokenSource(options.Value.Budget, time);
        using var caller = cancellationToken.UnsafeRegister(static budget => ((CancellationTokenSource)budget!).Cancel(), budget);
        var startedAt = time.GetTimestamp();
        var refreshed = false;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await transport.SendOnceAsync(operation, regionId, parameters, key, budget.Token);
            var keyChanged = false;
            if (outcome is EcdOutcome.Rejected { Error.Kind: EcdErrorKind.Credentials } && !refreshed)
            {
                refreshed = true;
                var fresh = await RefreshAsync(key, budget.Token);
                keyChanged = !fresh.Equals(key);
                key = fresh;
            }

            var left = options.Value.Budget - time.GetElapsedTime(startedAt);
            var delay = keyChanged ? TimeSpan.Zero : DelayAfter(outcome, operation, attempt);
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
    private static TimeSpan? DelayAfter(EcdOutcome outcome, EcdOperation operation, int attempt) => outcome switch
    {
        EcdOutcome.Rejected { Error: { Kind: EcdErrorKind.Throttled, RetryAfter: { } wait } } =>
            // A little later than asked for, so that not all callers come back at once, nor at once if Alibaba says zero.
            TimeSpan.FromTicks(Math.Max(wait.Ticks, FirstDelay.Ticks)) * (1 + (Random.Shared.NextDouble() / 5)),
        EcdOutcome.NotSent or EcdOutcome.Rejected { Error.Kind: EcdErrorKind.Throttled } => Backoff(attempt),
        EcdOutcome.Unknown when operation.MayRepeat => Backoff(attempt),
        _ => null,
    };

    /// <summary>Exponential, with jitter: 0.1 to 0.3 s, then 0.2 to 0.6 s.</summary>
    private static TimeSpan Backoff(int attempt) => FirstDelay * (1 << (attempt - 1)) * (0.5 + Random.Shared.NextDouble());

    /// <returns>False if the caller gave up or the budget ended meanwhile: the last outcome stands.</returns>
    private async Task<bool> WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
