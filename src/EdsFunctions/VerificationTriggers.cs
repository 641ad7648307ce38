using EdsFunctions.Core.Http;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers of the verifications; the work is in <see cref="VerificationEndpoints"/>.</summary>
public sealed class VerificationTriggers(VerificationEndpoints endpoints)
{
    [Function(Functions.SendVerifyCode)]
    public Task<IResult> Send(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.Verifications)] HttpRequest request) =>
        endpoints.SendAsync(request);

    [Function(Functions.ListVerifications)]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Verifications)] HttpRequest request) =>
        endpoints.ListAsync(request);

    [Function(Functions.GetVerification)]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Verification)] HttpRequest request) =>
        endpoints.GetAsync(request);

    [Function(Functions.CompleteVerification)]
    public Task<IResult> Complete(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CompleteVerification)] HttpRequest request) =>
        endpoints.CompleteAsync(request);

    [Function(Functions.CancelVerification)]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CancelVerification)] HttpRequest request) =>
        endpoints.CancelAsync(request);
}
