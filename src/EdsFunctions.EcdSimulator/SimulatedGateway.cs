namespace EdsFunctions.EcdSimulator;

/// <summary>One operation of the API.</summary>
internal interface ISimulatedOperation
{
    /// <summary>The value of <c>x-acs-action</c>.</summary>
    string Name { get; }

    /// <summary>Checks the parameters and does nothing yet, so that a fault can happen before the work.</summary>
    /// <returns>Does the work and returns the response body without its RequestId. It may refuse as well, for
    /// instance a wrong code: that counts as work done.</returns>
    /// <exception cref="EcdRefusal">A parameter is missing or malformed.</exception>
    Func<JsonObject> Prepare(SimulatedRequest request);
}

/// <summary>Decides what happens to a request, logs it, and only then responds.</summary>
internal sealed class SimulatedGateway(
    GatewayChecks checks,
    IEnumerable<ISimulatedOperation> operations,
    ScheduledFaults faults,
    RequestLog log,
    TimeProvider time,
    CancellationToken stopping)
{
    private const string Version = "2020-09-30";

    private readonly Dictionary<string, ISimulatedOperation> byName =
        operations.ToDictionary(operation => operation.Name);

    public async Task HandleAsync(HttpContext context)
    {
        var request = await SimulatedRequest.ReadAsync(context, time.GetUtcNow());
        if (context.Request.Path != "/")
        {
            await GatewayResponse.FromRefusal(request, UnknownApi()).WriteAsync(context);
            return;
        }

        var (outcome, respondAsync) = Decide(request);
        log.Add(request, outcome);
        await respondAsync(context);
    }

    private (string Outcome, Func<HttpContext, Task> RespondAsync) Decide(SimulatedRequest request)
    {
        try
        {
            checks.Verify(request);
            var work = Find(request).Prepare(request);
            return faults.Take(request.Action, request.CenId) is { } fault
                ? Fail(fault, request, work)
                : Send(Run(work, request));
        }
        catch (EcdRefusal refusal)
        {
            return Send(GatewayResponse.FromRefusal(request, refusal));
        }
        catch (Exception exception)
        {
            var bug = new EcdRefusal(500, "InternalError", $"The simulator has a bug: {exception}");
            return Send(GatewayResponse.FromRefusal(request, bug));
        }
    }

    private ISimulatedOperation Find(SimulatedRequest request)
    {
        if (request.Header("x-acs-version") != Version)
            throw new EcdRefusal(400, "InvalidVersion", "Specified parameter Version is not valid.");
        return byName.GetValueOrDefault(request.Action) ?? throw UnknownApi();
    }

    /// <summary>Catches a refusal by the work, since a fault replaces the response to that, too.</summary>
    private static GatewayResponse Run(Func<JsonObject> work, SimulatedRequest request)
    {
        try
        {
            return GatewayResponse.FromSuccess(request, work());
        }
        catch (EcdRefusal refusal)
        {
            return GatewayResponse.FromRefusal(request, refusal);
        }
    }

    private (string Outcome, Func<HttpContext, Task> RespondAsync) Fail(
        Fault fault, SimulatedRequest request, Func<JsonObject> work)
    {
        switch (fault.Kind)
        {
            case FaultKind.Throttle:
                var throttled = new EcdRefusal(400, "Throttling.User", "Request was denied due to user flow control.");
                return Send(GatewayResponse.FromRefusal(request, throttled) with { RetryAfterMs = fault.RetryAfterMs });
            case FaultKind.Unavailable:
                return Send(GatewayResponse.FromRefusal(request, new EcdRefusal(503, "ServiceUnavailable",
                    "The request has failed due to a temporary failure of the server.")));
            case FaultKind.Denied:
                return Send(GatewayResponse.FromDenial(request));
            case FaultKind.Hang:
                return (fault.Name, HangAsync);
            case FaultKind.CloseBeforeWork:
                return (fault.Name, CloseAsync);
            case FaultKind.CloseAfterWork:
                Run(work, request);
                return (fault.Name, CloseAsync);
            case FaultKind.Malformed:
                var whole = Run(work, request);
                return Send(whole with { Outcome = fault.Name, Body = whole.Body[..(whole.Body.Length / 2)] });
            default:
                throw new InvalidOperationException($"{fault.Kind} is not a kind of fault.");
        }
    }

    private static (string Outcome, Func<HttpContext, Task> RespondAsync) Send(GatewayResponse response) =>
        (response.Outcome, response.WriteAsync);

    /// <summary>Waits until the client disconnects or the server stops.</summary>
    private async Task HangAsync(HttpContext context)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.Abort();
    }

    private static Task CloseAsync(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static EcdRefusal UnknownApi() =>
        new(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");
}
