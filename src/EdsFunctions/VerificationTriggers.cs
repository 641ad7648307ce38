using EdsFunctions.Core.Api;
using EdsFunctions.Core.Verifications;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace EdsFunctions;

/// <summary>
/// The HTTP triggers of verifications. A trigger is the only declaration of its endpoint: DevHost maps the trigger to a
/// route, and docs/openapi.json is generated from the triggers. Route parameters have constraints, because the
/// Functions host matches routes in alphabetical order.
/// </summary>
[Tags("Verifications")]
public sealed class VerificationTriggers(VerificationEndpoints verifications, AttachmentEndpoints attachments)
{
    /// <summary>Send a code</summary>
    /// <remarks>
    /// Records the request, then asks Alibaba Cloud once to e-mail a code to the owner of the CEN. At most one
    /// verification per region, CEN and owner is open. If there is an open verification, the response contains it with
    /// <c>"sent": false</c>, and no code is sent. Only a resend sends another code. The request may be the data of a
    /// CloudEvent 1.0, in structured or binary mode.
    /// </remarks>
    [Function(nameof(SendVerifyCode))]
    [RequestBody(
        typeof(SendRequest),
        """{"regionId":"cn-hangzhou","cenId":"cen-3weq30r6t0s7t4abcd","cenOwnerId":1234567890123456}""")]
    [RequestBody(
        typeof(AlibabaSendRequest),
        """
        {
          "RegionId": "cn-hangzhou",
          "VerifyCodeAction": "eds_cenID_securityverification",
          "ExtraInfo": { "cenOwnerId": 1234567890123456, "cenId": "cen-3weq30r6t0s7t4abcd" }
        }
        """)]
    [RequestBody(typeof(JsonObject), RequestBodyAttribute.CloudEvent, ContentType = "application/cloudevents+json")]
    [ProducesResponseType<VerificationView>(
        201, Description = "Alibaba Cloud accepted the request for a new verification.")]
    [ProducesResponseType<VerificationView>(200, Description = "A verification is already open; no code was sent.")]
    [ProblemResponse(409, "verification-in-progress")]
    [ProblemResponse(429, "verification-cooldown", "owner-limit")]
    [ProblemResponse(502, "alibaba-refused")]
    [ProblemResponse(503, "not-sent", "alibaba-throttled", "sending-paused")]
    [ProblemResponse(504, "outcome-unknown")]
    public Task<IResult> SendVerifyCode(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications")] HttpRequest request) =>
        verifications.SendVerifyCode(request);

    /// <summary>Resend a code</summary>
    /// <remarks>Asks Alibaba Cloud once more to e-mail a code, for an open verification.</remarks>
    [Function(nameof(ResendVerifyCode))]
    [RequestBody(typeof(ResendRequest), """{"requestedBy":"bob","note":"no e-mail arrived"}""", IsOptional = true)]
    [ProducesResponseType<VerificationView>(200, Description = "Alibaba Cloud accepted the request.")]
    [ProblemResponse(429, "verification-cooldown", "owner-limit")]
    [ProblemResponse(502, "alibaba-refused")]
    [ProblemResponse(503, "not-sent", "alibaba-throttled", "sending-paused")]
    [ProblemResponse(504, "outcome-unknown")]
    public Task<IResult> ResendVerifyCode(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications/{id:guid}/resend")]
        HttpRequest request) =>
        verifications.ResendVerifyCode(request);

    /// <summary>List verifications</summary>
    /// <remarks>Oldest first. Duplicate and unknown parameters are rejected.</remarks>
    [Function(nameof(ListVerifications))]
    [QueryParameters(typeof(ListRequest))]
    [ProducesResponseType<VerificationListView>(200, Description = "A page of verifications.")]
    [ProblemResponse(400, "invalid-request")]
    public Task<IResult> ListVerifications(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "verifications")] HttpRequest request) =>
        verifications.ListVerifications(request);

    /// <summary>Get a verification</summary>
    [Function(nameof(GetVerification))]
    [ProducesResponseType<VerificationView>(200, Description = "The verification.")]
    public Task<IResult> GetVerification(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "verifications/{id:guid}")] HttpRequest request) =>
        verifications.GetVerification(request);

    /// <summary>Complete a verification</summary>
    /// <remarks>Closes the verification as completed. It cannot be reopened.</remarks>
    [Function(nameof(CompleteVerification))]
    [RequestBody(typeof(CloseRequest), """{"by":"bob","note":"attached in the console"}""", IsOptional = true)]
    [ProducesResponseType<VerificationView>(200, Description = "The verification is completed.")]
    public Task<IResult> CompleteVerification(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications/{id:guid}/complete")]
        HttpRequest request) =>
        verifications.CompleteVerification(request);

    /// <summary>Cancel a verification</summary>
    /// <remarks>
    /// Closes the verification as cancelled. It cannot be reopened, and an e-mail that was sent is not recalled.
    /// </remarks>
    [Function(nameof(CancelVerification))]
    [RequestBody(typeof(CloseRequest), """{"by":"bob","note":"no longer needed"}""", IsOptional = true)]
    [ProducesResponseType<VerificationView>(200, Description = "The verification is cancelled.")]
    public Task<IResult> CancelVerification(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications/{id:guid}/cancel")]
        HttpRequest request) =>
        verifications.CancelVerification(request);

    /// <summary>Check a code and a CIDR block</summary>
    /// <remarks>
    /// Asks Alibaba Cloud whether the CEN can be attached (VerifyCen). Alibaba Cloud limits the number of wrong codes,
    /// so the app allows five checks per verification in ten minutes. The code is not stored.
    /// </remarks>
    [Function(nameof(CheckCen))]
    [RequestBody(typeof(CheckRequest), """{"cidrBlock":"192.168.1.0/24","verifyCode":"123456"}""")]
    [ProducesResponseType<CenCheckView>(200, Description = "The result of the check is in the field status.")]
    [ProblemResponse(409, "verification-without-cen")]
    [ProblemResponse(422, "code-refused")]
    [ProblemResponse(429, "check-limit")]
    [ProblemResponse(502, "alibaba-refused")]
    [ProblemResponse(503, "not-sent", "alibaba-throttled")]
    [ProblemResponse(504, "attachment-unknown")]
    public Task<IResult> CheckCen(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications/{id:guid}/check")]
        HttpRequest request) =>
        attachments.CheckCen(request);

    /// <summary>Attach the CEN</summary>
    /// <remarks>
    /// Attaches the CEN to an office network (AttachCen) and completes the verification. If Alibaba Cloud does not
    /// respond, the app reads Alibaba Cloud's list of office networks. If the list does not show the attachment, the
    /// outcome is unknown. While the attachment may be in progress, another request gets a 409 that names the office
    /// network.
    /// </remarks>
    [Function(nameof(AttachCen))]
    [RequestBody(
        typeof(AttachRequest), """{"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"123456","by":"bob"}""")]
    [ProducesResponseType<VerificationView>(200, Description = "The CEN is attached, the verification completed.")]
    [ProducesResponseType<VerificationView>(
        202,
        Description = "Alibaba Cloud accepted the attachment, but does not list it yet. The timer looks it up.")]
    [ProblemResponse(409, "verification-without-cen")]
    [ProblemResponse(422, "code-refused")]
    [ProblemResponse(502, "alibaba-refused")]
    [ProblemResponse(503, "not-sent", "alibaba-throttled")]
    [ProblemResponse(504, "attachment-unknown")]
    public Task<IResult> AttachCen(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "verifications/{id:guid}/attach")]
        HttpRequest request) =>
        attachments.AttachCen(request);
}
