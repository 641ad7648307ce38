using EdsFunctions.Core.Api;
using EdsFunctions.Core.Verifications;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP trigger of the webhooks. It needs no function key: each delivery is signed.</summary>
[Tags("Webhooks")]
public sealed class WebhookTriggers(WebhookEndpoints webhooks)
{
    /// <summary>Send a code from a webhook</summary>
    /// <remarks>
    /// Like SendVerifyCode, for deliveries signed as Standard Webhooks (webhook-id, webhook-timestamp,
    /// webhook-signature, or the same with svix-) or by GitHub (X-Hub-Signature-256, or X-Hub-Signature with SHA-256).
    /// A signed ping, such as X-GitHub-Event: ping, gets 200 with an empty object. A delivery is identified by the part
    /// that its signature covers: the id and the body, or the body alone. A repeated delivery gets 200 with the
    /// verification if the code was sent, or may have been. If no code was sent, the response is 503, so that the
    /// sender delivers again; after a transient failure the app then tries again. Failures of the app are 503 for the
    /// same reason.
    /// </remarks>
    [Function(nameof(SendVerifyCodeWebhook))]
    [RequestBody(
        typeof(SendRequest),
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""")]
    [RequestBody(
        typeof(AlibabaSendRequest),
        """{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification"}""")]
    [RequestBody(typeof(JsonObject), RequestBodyAttribute.CloudEvent, ContentType = "application/cloudevents+json")]
    [ProducesResponseType<VerificationView>(
        201, Description = "Alibaba Cloud accepted the request for a new verification.")]
    [ProducesResponseType<VerificationView>(200, Description = "A verification is already open, or it is a repeat.")]
    [ProblemResponse(
        503,
        "not-sent", "alibaba-throttled", "alibaba-refused", "verification-in-progress", "verification-cooldown",
        "owner-limit", "sending-paused", "platform-closed", "internal-error", "verification-unreadable")]
    public Task<IResult> SendVerifyCodeWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/verifications")] HttpRequest request) =>
        webhooks.SendVerifyCodeWebhook(request);
}
