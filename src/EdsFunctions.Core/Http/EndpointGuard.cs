using EdsFunctions.Core.Telemetry;

namespace EdsFunctions.Core.Http;

/// <summary>
/// Runs an endpoint and turns what it throws into an answer: the Functions host would answer an exception with an empty 500.
/// </summary>
public sealed class EndpointGuard(ILogger<EndpointGuard> logger)
{
    /// <summary>What proxies log for a client that went away; nobody receives it.</summary>
    private const int ClientClosedRequest = 499;

    internal async Task<IResult> RunAsync(string function, HttpRequest request, Func<Task<Answer>> endpoint)
    {
        try
        {
            return await endpoint();
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(ClientClosedRequest);
        }
        catch (BadHttpRequestException)
        {
            var errors = new FieldErrors();
            errors.Add("body", "must come as its headers say");
            return Problems.InvalidRequest(errors);
        }
        catch (Exception e)
        {
            logger.RequestFailed(e, function);
            return Problems.Internal();
        }
    }
}
