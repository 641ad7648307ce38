using System.Diagnostics;
using EdsFunctions.Core.Telemetry;
using EdsFunctions.Core.Alibaba.Credentials;
using Polly;
using Polly.Retry;

namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// Calls the Elastic Desktop Service (product <c>ecd</c>, version 2020-09-30). A call is repeated only when it is certain that the
/// one before was not accepted, and every attempt is signed afresh; nothing below this class resends.
/// </summary>
public sealed class EcdClient
{
    private const int MaxAttempts = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private static readonly ResiliencePropertyKey<Call> CallKey = new("ecd-call");

    private readonly EcdGateway gateway;
    private readonly ICredentialSource credentials;
    private readonly AlibabaOptions options;
    private readonly TimeProvider time;
    private readonly EcdMetrics metrics;
    private readonly ILogger<EcdClient> logger;
    private readonly ResiliencePipeline<EcdOutcome> retries;

    public EcdClient(
        EcdGateway gateway,
        ICredentialSource credentials,
        IOptions<AlibabaOptions> options,
        TimeProvider time,
        EcdMetrics metrics,
        ILogger<EcdClient> logger)
    {
        this.gateway = gateway;
        this.credentials = credentials;
        this.options = options.Value;
        this.time = time;
        this.metrics = metrics;
        this.logger = logger;
        retries = new ResiliencePipelineBuilder<EcdOutcome> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<EcdOutcome>
            {
                MaxRetryAttempts = MaxAttempts - 1,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = arguments => ValueTask.FromResult(MayRepeat(arguments.Outcome.Result, CallOf(arguments.Context))),
                DelayGenerator = arguments => ValueTask.FromResult(WaitFor(arguments.Outcome.Result, CallOf(arguments.Context))),
            })
            .Build();
    }

    /// <summary>
    /// Asks Alibaba to e-mail a verification code to the owner of a CEN.
    /// </summary>
    /// <param name="target">Whose code.</param>
    /// <param name="cancellationToken">Gives up; what had left by then is <see cref="EcdOutcome.Unknown"/>.</param>
    public Task<EcdOutcome> SendVerifyCodeAsync(CenTarget target, CancellationToken cancellationToken) =>
        CallAsync(EcdOperation.SendVerifyCode, target.RegionId, SendVerifyCodeParameters.Of(target), cancellationToken);

    /// <summary>Asks whether a CEN can be attached with a block of addresses and a code; an accepted call has a <see cref="CenCheck"/>.</summary>
    /// <param name="target">The CEN.</param>
    /// <param name="cidrBlock">The addresses of the office network, such as <c>192.168.0.0/24</c>.</param>
    /// <param name="code">The code that its owner got; null where the caller owns it.</param>
    /// <param name="cancellationToken">Gives up; a try may have counted by then.</param>
    internal Task<EcdOutcome> VerifyCenAsync(CenTarget target, CidrBlock cidrBlock, VerifyCode? code, CancellationToken cancellationToken) =>
        CallAsync(
            EcdOperation.VerifyCen, target.RegionId, CenParameters.Of(target, code, new("CidrBlock", cidrBlock.Value)), cancellationToken);

    /// <summary>Attaches a CEN to an office network.</summary>
    /// <param name="target">The CEN.</param>
    /// <param name="officeSiteId">The office network.</param>
    /// <param name="code">The code that its owner got; null where the caller owns it.</param>
    /// <param name="cancellationToken">Gives up; it may be attached by then.</param>
    internal Task<EcdOutcome> AttachCenAsync(CenTarget target, OfficeSiteId officeSiteId, VerifyCode? code, CancellationToken cancellationToken) =>
        CallAsync(
            EcdOperation.AttachCen, target.RegionId, CenParameters.Of(target, code, new("OfficeSiteId", officeSiteId.Value)), cancellationToken);

    /// <summary>A page of the office networks of a region; an accepted call has an <see cref="OfficeSitePage"/>.</summary>
    /// <param name="regionId">The region.</param>
    /// <param name="officeSiteId">That one alone; null for all.</param>
    /// <param name="nextToken">Continues a list; null from the start.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal Task<EcdOutcome> DescribeOfficeSitesAsync(
        string regionId, string? officeSiteId, string? nextToken, CancellationToken cancellationToken) =>
        CallAsync(
            EcdOperation.DescribeOfficeSites, regionId, CenParameters.OfPage(regionId, officeSiteId, nextToken), cancellationToken);

    private async Task<EcdOutcome> CallAsync(
        EcdOperation operation, string regionId, Acs3Parameter[] parameters, CancellationToken cancellationToken)
    {
        var action = operation.Action;
        using var activity = EdsActivities.Source.StartActivity($"ecd {action}", ActivityKind.Client);
        var startedAt = time.GetTimestamp();
        var call = new Call(operation, regionId, parameters);
        var outcome = await ReadCredentialsAsync(call, cancellationToken) ?? await CallWithinBudgetAsync(call, cancellationToken);

        var elapsed = time.GetElapsedTime(startedAt);
        metrics.EcdCall(action, outcome, elapsed);
        logger.EcdCallEnded(action, regionId, outcome, call.Attempts, elapsed);
        activity?.SetTag("eds.outcome", outcome.Name());
        activity?.SetTag("eds.attempts", call.Attempts);
        return outcome;
    }

    /// <summary>Reads the access key, which has a time limit of its own.</summary>
    /// <returns>The outcome where there is none; null where the call can go on.</returns>
    private async Task<EcdOutcome?> ReadCredentialsAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            call.Credentials = await credentials.GetAsync(cancellationToken);
            return null;
        }
        catch (OperationCanceledException)
        {
            return new EcdOutcome.NotSent("it was given up before it was sent");
        }
        catch (Exception)
        {
            // Why is in the log, for the operator; the caller need not know of the vault.
            return new EcdOutcome.NotSent("the app has no access key to sign with");
        }
    }

    private async Task<EcdOutcome> CallWithinBudgetAsync(Call call, CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(options.Budget, time);
        using var given = cancellationToken.UnsafeRegister(static budget => ((CancellationTokenSource)budget!).Cancel(), budget);
        call.StartedAt = time.GetTimestamp();
        try
        {
            budget.Token.ThrowIfCancellationRequested();
            // Most calls end with their first attempt, which does without the pipeline and what it costs.
            var first = await AttemptAsync(call, budget.Token);
            return MayRepeat(first, call) ? await RepeatAsync(call, budget.Token) : first;
        }
        catch (Exception) when (call.LastOutcome is not null)
        {
            // Between two attempts: what the last one said still stands.
            return call.LastOutcome;
        }
        catch (Exception e)
        {
            return call.Attempts == 0
                ? new EcdOutcome.NotSent("it was given up before it was sent")
                : new EcdOutcome.Unknown($"the call failed ({e.GetType().Name})");
        }
    }

    /// <summary>Goes on after a first attempt that may be repeated.</summary>
    private async Task<EcdOutcome> RepeatAsync(Call call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(CallKey, call);
        var first = call.LastOutcome;
        try
        {
            return await retries.ExecuteAsync(
                (context, client) =>
                {
                    var outcome = first is null ? client.AttemptAsync(call, context.CancellationToken) : ValueTask.FromResult(first);
                    first = null;
                    return outcome;
                },
                context,
                this);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<EcdOutcome> AttemptAsync(Call call, CancellationToken cancellationToken)
    {
        call.Attempts++;
        call.LastOutcome = null;
        call.CredentialsChanged = false;
        var outcome = await gateway.SendOnceAsync(
            call.Operation, call.RegionId, call.Parameters, call.Credentials!, cancellationToken);
        call.LastOutcome = outcome;

        if (outcome is EcdOutcome.Rejected { Error.Kind: EcdErrorKind.Credentials } && !call.CredentialsRefreshed)
        {
            call.CredentialsRefreshed = true;
            await RefreshCredentialsAsync(call, cancellationToken);
        }

        return outcome;
    }

    private async Task RefreshCredentialsAsync(Call call, CancellationToken cancellationToken)
    {
        try
        {
            var fresh = await credentials.RefreshAsync(call.Credentials!, cancellationToken);
            call.CredentialsChanged = !fresh.Equals(call.Credentials);
            call.Credentials = fresh;
        }
        catch (CredentialsUnavailableException)
        {
            // The refusal itself says more to the caller than that the vault is away, which is logged where it is known.
        }
    }

    /// <summary>Only what was certainly not done, or may be done again; and only while the wait that Alibaba asks for fits into the budget.</summary>
    private bool MayRepeat(EcdOutcome? outcome, Call call) => outcome switch
    {
        EcdOutcome.NotSent => true,
        EcdOutcome.Rejected { Error: { Kind: EcdErrorKind.Throttled } error } =>
            (error.RetryAfter ?? TimeSpan.Zero) < options.Budget - time.GetElapsedTime(call.StartedAt),
        EcdOutcome.Rejected => call.CredentialsChanged,
        EcdOutcome.Unknown => call.Operation.MayRepeat,
        _ => false,
    };

    /// <summary>How long to wait before the next attempt; null for the pipeline's own, growing and jittered.</summary>
    private static TimeSpan? WaitFor(EcdOutcome? outcome, Call call) => outcome switch
    {
        _ when call.CredentialsChanged => TimeSpan.Zero,
        // Not all at the same moment, and not at once if Alibaba says zero.
        EcdOutcome.Rejected { Error.RetryAfter: { } wait } =>
            TimeSpan.FromTicks(Math.Max(wait.Ticks, FirstDelay.Ticks)) * (1 + (Random.Shared.NextDouble() / 5)),
        _ => null,
    };

    private static Call CallOf(ResilienceContext context) =>
        context.Properties.TryGetValue(CallKey, out var call) ? call : throw new InvalidOperationException("No call in the context.");

    /// <summary>One call and what its attempts have learned.</summary>
    private sealed class Call(EcdOperation operation, string regionId, Acs3Parameter[] parameters)
    {
        public EcdOperation Operation { get; } = operation;

        public string RegionId { get; } = regionId;

        public Acs3Parameter[] Parameters { get; } = parameters;

        public long StartedAt { get; set; }

        public int Attempts { get; set; }

        public AlibabaCredentials? Credentials { get; set; }

        public bool CredentialsRefreshed { get; set; }

        public bool CredentialsChanged { get; set; }

        public EcdOutcome? LastOutcome { get; set; }
    }
}
