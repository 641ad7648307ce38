using System.Runtime.CompilerServices;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Runs an endpoint and turns what it throws into a response: the Functions host would answer an exception with an empty 500.
/// </summary>
public sealed partial class ExceptionFilter(ILogger<ExceptionFilter> logger)
{
    /// <summary>What proxies log for a client that went away; nobody receives it.</summary>
    private const int ClientClosedRequest = 499;

    /// <param name="request">The request.</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="function">The name of the function, for the log: an endpoint has the same.</param>
    internal async Task<IResult> RunAsync(
        HttpRequest request, Func<CancellationToken, Task<EndpointResult>> endpoint, [CallerMemberName] string function = "")
    {
        var aborted = request.HttpContext.RequestAborted;
        try
        {
            return await endpoint(aborted);
        }
        catch (ProblemException e)
        {
            return e.Problem;
        }
        catch (OperationCanceledException) when (aborted.IsCancellationRequested)
        {
            return TypedResults.StatusCode(ClientClosedRequest);
        }
        catch (BadHttpRequestException)
        {
            return Problems.InvalidRequest("body", "must come as its headers say");
        }
        catch (UnreadableRecordException e)
        {
            RequestFailed(e, function);
            return Problems.Unreadable(e.Id);
        }
        catch (Exception e)
        {
            RequestFailed(e, function);
            return StoreUnavailableException.IsCause(e) ? Problems.StoreUnavailable() : Problems.Internal();
        }
    }

    [LoggerMessage(902, LogLevel.Error, "{Function} failed")]
    private partial void RequestFailed(Exception exception, string function);
}
