using EdsFunctions.Core.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers of what uses a code; the work is in <see cref="AttachmentEndpoints"/>.</summary>
public sealed class AttachmentTriggers(AttachmentEndpoints endpoints)
{
    [Function(Functions.CheckCen)]
    public Task<IResult> Check(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CheckCen)] HttpRequest request) =>
        endpoints.CheckAsync(request);

    [Function(Functions.AttachCen)]
    public Task<IResult> Attach(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.AttachCen)] HttpRequest request) =>
        endpoints.AttachAsync(request);
}
