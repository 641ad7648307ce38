using EdsFunctions.Core.Api;
using EdsFunctions.Core.Verifications;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>The HTTP trigger of the webhooks. Needs no function key, because each delivery is signed.</summary>
[Tags("Webhooks")]
public sealed class WebhookTriggers(WebhookEndpoints webhooks)
{
    /// <summary>Send a code from a webhook</summary>
    /// <remarks>
    /// Like SendVerifyCode, for deliveries signed as Standard Webhooks (webhook-id, webhook-timestamp,
    /// webhook-signature, or the same with svix-) or by GitHub (X-Hub-Signature-256, or X-Hub-Signature with SHA-256).
    /// A signed ping, such as X-GitHub-Event: ping, gets 200 with an empty object. A delivery is identified by the part
    /// that its signature covers: the id and the body, or the body alone. A repeated delivery gets 200 with the
    /// verification if the code was sent, or may have been sent. If no code was sent, the response is 503, so that the
    /// sender delivers again. If the failure was temporary, the app then tries again. If the app itself fails, the
    /// response is also 503.
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
    [ProducesResponseType<VerificationView>(
        200, Description = "A verification is open, the delivery is a repeat, or the outcome is unknown.")]
    [ProblemResponse(
        503,
        "not-sent", "alibaba-throttled", "alibaba-refused", "verification-in-progress", "verification-cooldown",
        "owner-limit", "sending-paused", "platform-closed", "internal-error", "verification-unreadable")]
    public Task<IResult> SendVerifyCodeWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/verifications")] HttpRequest request) =>
        webhooks.SendVerifyCodeWebhook(request);
}
