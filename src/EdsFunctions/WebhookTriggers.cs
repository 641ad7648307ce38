using EdsFunctions.Core.Api;
using EdsFunctions.Core.Verifications;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>HTTP triggers of the webhooks. They need no function key: each delivery is signed.</summary>
[Tags("Webhooks")]
public sealed class WebhookTriggers(WebhookEndpoints webhooks)
{
    /// <summary>Send a code, requested by a webhook</summary>
    /// <remarks>
    /// As SendVerifyCode, for a sender that signs: as a Standard Webhook (webhook-id, webhook-timestamp,
    /// webhook-signature) or as GitHub does (X-Hub-Signature-256). A delivery is identified by what its signature
    /// covers: the id and the body, or the body alone. A repeat of what was accepted, or may have been, gets 200 with
    /// the record. What sent nothing gets 503, and for a transient reason its repeat tries again.
    /// </remarks>
    [Function(nameof(SendVerifyCodeWebhook))]
    [RequestBody(
        typeof(SendRequest),
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""")]
    [RequestBody(
        typeof(AlibabaSendRequest),
        """{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification"}""")]
    [RequestBody(
        typeof(JsonObject),
        """
        {
          "specversion": "1.0",
          "id": "4f9c1f7e",
          "source": "/cmdb",
          "type": "eds.verification.requested",
          "data": { "regionId": "cn-hangzhou", "cenId": "cen-3weq30r6t0s7t4abcd", "cenOwnerId": 1234567890123456 }
        }
        """,
        ContentType = "application/cloudevents+json")]
    [ProducesResponseType<VerificationView>(201, Description = "Alibaba Cloud accepted; the verification is new.")]
    [ProducesResponseType<VerificationView>(200, Description = "The verification is open already, or a repeat.")]
    [ProblemResponse(
        503,
        "not-sent", "alibaba-throttled", "alibaba-refused", "verification-in-progress", "verification-cooldown",
        "owner-limit")]
    public Task<IResult> SendVerifyCodeWebhook(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "webhooks/verifications")] HttpRequest request) =>
        webhooks.SendVerifyCodeWebhook(request);
}
