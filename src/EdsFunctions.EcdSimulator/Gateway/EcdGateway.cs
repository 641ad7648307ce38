using EdsFunctions.EcdSimulator.Actions;

namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>Takes a request from the wire, decides what becomes of it, logs it, and only then answers.</summary>
internal sealed class EcdGateway(
    GatewayChecks checks,
    IEnumerable<IEcdAction> actions,
    FaultQueue faults,
    RequestLog log,
    TimeProvider time,
    CancellationToken stopping)
{
    private const string Version = "2020-09-30";

    private readonly Dictionary<string, IEcdAction> byName = actions.ToDictionary(action => action.Name);

    public async Task HandleAsync(HttpContext context)
    {
        var request = await RawRequest.ReadAsync(context, time.GetUtcNow());
        var call = EcdCall.From(request);
        if (context.Request.Path != "/")
        {
            await SendAsync(context, call, call.Refuse(NoSuchApi()));
            return;
        }

        var reply = Decide(request, call);
        log.Add(Entry(request, call, reply));
        await SendAsync(context, call, reply);
    }

    private Reply Decide(RawRequest request, EcdCall call)
    {
        try
        {
            checks.Verify(request);
            var work = ActionOf(request).Prepare(call);
            return faults.Take(call.Action, call.Parameters.CenId) is { } fault
                ? Spoil(fault, call, work)
                : Answer(call, work);
        }
        catch (EcdRefusal refusal)
        {
            return call.Refuse(refusal);
        }
        catch (Exception exception)
        {
            return call.Refuse(new EcdRefusal(500, "InternalError", $"The simulator has a bug: {exception}"));
        }
    }

    private IEcdAction ActionOf(RawRequest request)
    {
        if (request.Header("x-acs-version") != Version)
            throw new EcdRefusal(400, "InvalidVersion", "Specified parameter Version is not valid.");
        return byName.GetValueOrDefault(request.Header("x-acs-action")!) ?? throw NoSuchApi();
    }

    /// <summary>What work found out may still be a refusal, such as a wrong code; faults come upon that, too.</summary>
    private static Reply.Answer Answer(EcdCall call, Func<JsonObject> work)
    {
        try
        {
            return call.Succeed(work());
        }
        catch (EcdRefusal refusal)
        {
            return call.Refuse(refusal);
        }
    }

    private static Reply Spoil(Fault fault, EcdCall call, Func<JsonObject> work)
    {
        switch (fault.Kind)
        {
            case FaultKind.Throttle:
                var throttled = new EcdRefusal(400, "Throttling.User", "Request was denied due to user flow control.");
                return call.Refuse(throttled) with { RetryAfterMs = fault.RetryAfterMs };
            case FaultKind.Unavailable:
                return call.Refuse(new EcdRefusal(503, "ServiceUnavailable",
                    "The request has failed due to a temporary failure of the server."));
            case FaultKind.Denied:
                return call.Deny();
            case FaultKind.Hang:
                return new Reply.Silence(fault.Name);
            case FaultKind.CloseBeforeWork:
                return new Reply.Hangup(fault.Name);
            case FaultKind.CloseAfterWork:
                Answer(call, work);
                return new Reply.Hangup(fault.Name);
            case FaultKind.Malformed:
                var whole = Answer(call, work);
                return whole with { Outcome = fault.Name, Body = whole.Body[..(whole.Body.Length / 2)] };
            default:
                throw new InvalidOperationException($"Nobody taught the gateway what {fault.Kind} is.");
        }
    }

    private async Task SendAsync(HttpContext context, EcdCall call, Reply reply)
    {
        switch (reply)
        {
            case Reply.Answer answer:
                context.Response.StatusCode = answer.Status;
                context.Response.ContentType = "application/json;charset=utf-8";
                context.Response.Headers["x-acs-request-id"] = call.RequestId;
                if (answer.RetryAfterMs is { } retryAfter)
                    context.Response.Headers["x-acs-retry-after"] = retryAfter.ToString(CultureInfo.InvariantCulture);
                var body = Encoding.UTF8.GetBytes(answer.Body);
                context.Response.ContentLength = body.Length;
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
                break;
            case Reply.Silence:
                await GoneOrStoppingAsync(context);
                context.Abort();
                break;
            default:
                context.Abort();
                break;
        }
    }

    private async Task GoneOrStoppingAsync(HttpContext context)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static EcdRefusal NoSuchApi() =>
        new(404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");

    private static LoggedRequest Entry(RawRequest request, EcdCall call, Reply reply) => new()
    {
        Action = request.Header("x-acs-action"),
        Method = request.Method,
        Target = request.Target,
        CenId = call.Parameters.CenId,
        Nonce = request.Header("x-acs-signature-nonce"),
        Date = request.Header("x-acs-date"),
        ReceivedAt = request.ReceivedAt,
        RequestId = call.RequestId,
        Outcome = reply.Outcome,
        Headers = request.Headers,
    };
}
