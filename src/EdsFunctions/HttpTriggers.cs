using EdsFunctions.Core.Api;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>
/// The HTTP triggers; the work is in the endpoints. Chats and webhooks have no function key: each delivery is signed.
/// </summary>
public sealed class HttpTriggers(
    VerificationEndpoints verifications,
    AttachmentEndpoints attachments,
    ReportEndpoints reports,
    ChatOpsEndpoints chats,
    WebhookEndpoints webhooks,
    ServiceEndpoints service)
{
    [Function(Functions.SendVerifyCode)]
    public Task<IResult> Send(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.Verifications)] HttpRequest request) =>
        verifications.SendAsync(request);

    [Function(Functions.ResendVerifyCode)]
    public Task<IResult> Resend(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.ResendVerifyCode)] HttpRequest request) =>
        verifications.ResendAsync(request);

    [Function(Functions.ListVerifications)]
    public Task<IResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Verifications)] HttpRequest request) =>
        verifications.ListAsync(request);

    [Function(Functions.GetVerification)]
    public Task<IResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.Verification)] HttpRequest request) =>
        verifications.GetAsync(request);

    [Function(Functions.CompleteVerification)]
    public Task<IResult> Complete(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CompleteVerification)] HttpRequest request) =>
        verifications.CompleteAsync(request);

    [Function(Functions.CancelVerification)]
    public Task<IResult> Cancel(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CancelVerification)] HttpRequest request) =>
        verifications.CancelAsync(request);

    [Function(Functions.CheckCen)]
    public Task<IResult> Check(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.CheckCen)] HttpRequest request) =>
        attachments.CheckAsync(request);

    [Function(Functions.AttachCen)]
    public Task<IResult> Attach(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = Routes.AttachCen)] HttpRequest request) =>
        attachments.AttachAsync(request);

    [Function(Functions.GetStaleReport)]
    public Task<IResult> StaleReport(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = Routes.StaleReport)] HttpRequest request) =>
        reports.GetStaleAsync(request);

    [Function(Functions.SlackCommand)]
    public Task<IResult> Slack(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.SlackCommand)] HttpRequest request) =>
        chats.SlackAsync(request);

    [Function(Functions.TeamsCommand)]
    public Task<IResult> Teams(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.TeamsCommand)] HttpRequest request) =>
        chats.TeamsAsync(request);

    [Function(Functions.DingTalkCommand)]
    public Task<IResult> DingTalk(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.DingTalkCommand)] HttpRequest request) =>
        chats.DingTalkAsync(request);

    [Function(Functions.SendVerifyCodeWebhook)]
    public Task<IResult> Webhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.SendVerifyCodeWebhook)] HttpRequest request) =>
        webhooks.SendAsync(request);

    [Function(Functions.Health)]
    public Task<IResult> Health(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Health)] HttpRequest request) =>
        service.HealthAsync(request);

    [Function(Functions.OpenApi)]
    public Task<IResult> OpenApi(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.OpenApi)] HttpRequest request) =>
        service.OpenApiAsync(request);
}
