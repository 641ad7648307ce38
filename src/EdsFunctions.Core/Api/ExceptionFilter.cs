using System.Runtime.CompilerServices;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Runs an endpoint, and turns its exceptions into problem responses. Without this filter, the Functions host would
/// respond with an empty 500.
/// </summary>
public sealed partial class ExceptionFilter(ILogger<ExceptionFilter> logger)
{
    /// <summary>
    /// The status 499, which proxies log for a client that disconnected. HTTP defines no such status.
    /// </summary>
    private const int ClientClosedRequest = 499;

    // The method of an endpoint has the name of its Azure function, so the name of the calling method is the function's
    // name.
    internal async Task<IResult> RunAsync(
        HttpRequest request,
        Func<CancellationToken, Task<EndpointResult>> endpoint,
        [CallerMemberName] string function = "")
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
            return Problems.InvalidRequest("body", "must match its Content-Length, or be valid chunked encoding");
        }
        catch (UnreadableRecordException e)
        {
            RequestFailed(e, function);
            return Problems.Unreadable(e.Id);
        }
        catch (Exception e)
        {
            RequestFailed(e, function);
            return e is StoreUnavailableException ? Problems.StoreUnavailable() : Problems.Internal();
        }
    }

    [LoggerMessage(902, LogLevel.Error, "{Function} failed")]
    private partial void RequestFailed(Exception exception, string function);
}
