namespace EdsFunctions.EcdSimulator;

/// <summary>An operation of Alibaba Cloud's API, as the simulator implements it.</summary>
internal interface ISimulatedOperation
{
    /// <summary>The value of <c>x-acs-action</c>.</summary>
    string Name { get; }

    /// <summary>Validates the parameters of a request, without any effect.</summary>
    /// <returns>
    /// A function that does the work, and returns the body of the response without its RequestId. The function may
    /// throw an <see cref="EcdRefusal"/>, for example for a wrong code.
    /// </returns>
    /// <exception cref="EcdRefusal">A parameter is missing or malformed.</exception>
    Func<JsonObject> Prepare(SimulatedRequest request);
}

/// <summary>Handles requests to the simulated gateway. Logs each request before it sends the response.</summary>
internal sealed class SimulatedGateway(
    GatewayChecks checks,
    IEnumerable<ISimulatedOperation> operations,
    ScheduledFaults faults,
    RecentItems<LoggedRequest> log,
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
        log.Add(new LoggedRequest(
            request.Header("x-acs-action"),
            request.Method,
            request.Target,
            request.CenId,
            request.Header("x-acs-signature-nonce"),
            request.Header("x-acs-date"),
            request.ReceivedAt,
            request.RequestId,
            outcome,
            request.Headers));
        await respondAsync(context);
    }

    private (string Outcome, Func<HttpContext, Task> RespondAsync) Decide(SimulatedRequest request)
    {
        try
        {
            checks.Verify(request);
            var work = Find(request).Prepare(request);
            var fault = faults.Consume(request.Action, request.CenId);
            switch (fault?.Kind)
            {
                case FaultKind.Throttle:
                    throw new EcdRefusal(400, "Throttling.User", "Request was denied due to user flow control.")
                    {
                        RetryAfterMs = fault.RetryAfterMs,
                    };
                case FaultKind.Unavailable:
                    throw new EcdRefusal(
                        503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");
                case FaultKind.Denied:
                    throw Denied(request);
                case FaultKind.Hang:
                    return (fault.Name, HangAsync);
                case FaultKind.CloseBeforeWork:
                    return (fault.Name, CloseAsync);
            }

            var response = Run(work, request);
            return fault?.Kind switch
            {
                FaultKind.CloseAfterWork => (fault.Name, CloseAsync),
                FaultKind.Malformed =>
                    (fault.Name, (response with { Body = response.Body[..(response.Body.Length / 2)] }).WriteAsync),
                _ => (response.Outcome, response.WriteAsync),
            };
        }
        catch (Exception exception)
        {
            var refusal = exception as EcdRefusal
                ?? new EcdRefusal(500, "InternalError", $"The simulator has a bug: {exception}");
            return (refusal.Code, GatewayResponse.FromRefusal(request, refusal).WriteAsync);
        }
    }

    private ISimulatedOperation Find(SimulatedRequest request)
    {
        if (request.Header("x-acs-version") != Version)
            throw new EcdRefusal(400, "InvalidVersion", "Specified parameter Version is not valid.");
        return byName.GetValueOrDefault(request.Action) ?? throw UnknownApi();
    }

    /// <summary>
    /// Runs the work of a request. Converts an <see cref="EcdRefusal"/> to a response, so that a fault can replace it
    /// too.
    /// </summary>
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

    private static EcdRefusal Denied(SimulatedRequest request) => new(
        403, "Forbidden.RAM",
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.")
    {
        AccessDeniedDetail = new JsonObject
        {
            ["AuthAction"] = $"ecd:{request.Action}",
            ["AuthPrincipalDisplayName"] = "simulator",
            ["AuthPrincipalOwnerId"] = "1000000000000000",
            ["AuthPrincipalType"] = "SubUser",
            ["NoPermissionType"] = "ImplicitDeny",
            ["PolicyType"] = "AccountLevelIdentityBasedPolicy",
        },
    };

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
