using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>
/// Creates the problem details of errors. The types of problems are part of the HTTP API, and never change. No text
/// repeats a value of the request.
/// </summary>
internal static class Problems
{
    public const string TypePrefix = "urn:eds-functions:problem:";

    private const int DefaultRetryAfterSeconds = 10;

    /// <summary>
    /// The seconds to wait while another request is in progress: Alibaba Cloud usually responds within this time.
    /// </summary>
    private const int InProgressRetryAfterSeconds = 5;

    /// <summary>The seconds to wait while an operator has to change a setting.</summary>
    private const int OperatorRetryAfterSeconds = 300;

    private const string RetryWithSameKey = "Retry later, with the same Idempotency-Key if the request had one.";

    public static EndpointResult InvalidRequest(FieldErrors errors) => Create(new Problem(
        "invalid-request", "The request is invalid", StatusCodes.Status400BadRequest, errors.Summary, errors.ByField));

    public static EndpointResult InvalidRequest(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return InvalidRequest(errors);
    }

    public static EndpointResult BodyTooLarge() => Create(new Problem(
        "body-too-large", "The request body is too large", StatusCodes.Status413PayloadTooLarge,
        $"The request body has more than {RequestBody.MaxBytes} bytes. Send a smaller one."));

    public static EndpointResult UnsupportedMediaType(string detail) => Create(new Problem(
        "unsupported-media-type", "The media type is not supported", StatusCodes.Status415UnsupportedMediaType,
        detail));

    /// <summary>
    /// The problem of a delivery whose signature is invalid. The reason is in the log only, so that the response does
    /// not help to forge a signature.
    /// </summary>
    public static EndpointResult SignatureInvalid() => Create(new Problem(
        "signature-invalid", "The signature is invalid", StatusCodes.Status401Unauthorized,
        "The signature of the delivery is missing, wrong or expired. Nothing was done. Check the signing secret and "
        + "the sender's clock; the app's log has the reason."));

    public static EndpointResult PlatformNotFound() => Create(new Problem(
        "platform-not-found", "The chat platform was not found", StatusCodes.Status404NotFound,
        "The path contains no supported chat platform. Check the URL in the settings of the platform."));

    /// <param name="error">The validation error, which names the setting.</param>
    public static EndpointResult PlatformClosed(string error) => Create(
        new Problem(
            "platform-closed", "The platform is closed", StatusCodes.Status503ServiceUnavailable,
            $"The app cannot verify signatures of this platform: {error} Nothing was done. Retry later."),
        OperatorRetryAfterSeconds);

    public static EndpointResult NotFound() => Create(new Problem(
        "verification-not-found", "The verification was not found", StatusCodes.Status404NotFound,
        "No verification has this id, or it was closed and then deleted. List the verifications to find the id."));

    public static EndpointResult Closed(Verification verification) => ForVerification(verification, new Problem(
        "verification-closed", "The verification is closed", StatusCodes.Status409Conflict,
        verification.OfficeSiteId is { } site
            ? $"The verification is {verification.State.Name()}, and the CEN is attached to {site}."
            : $"The verification is {verification.State.Name()} and cannot change. Send a code to open another one."));

    public static EndpointResult InProgress(Verification verification) => ForVerification(
        verification,
        new Problem(
            "verification-in-progress", "Another request is in progress", StatusCodes.Status409Conflict,
            verification.Attaching is { } attempt
                ? $"An earlier request to attach the CEN to {attempt.OfficeSiteId} is in progress, or its outcome is "
                  + "unknown. Nothing was done. Retry later."
                : "Another request is sending a code for the same CEN. Nothing was done. Retry later."),
        InProgressRetryAfterSeconds);

    public static EndpointResult TooSoon(Verification? verification, TimeSpan retryAfter)
    {
        var problem = new Problem(
            "verification-cooldown", "A code was sent recently", StatusCodes.Status429TooManyRequests,
            verification is { State: VerificationState.Unknown }
                ? "The owner of the CEN may have been sent a code a moment ago. Between two codes there is a cooldown "
                  + "(Verifications:ResendCooldown). Nothing was done. Retry later."
                : "The owner of the CEN was sent a code a moment ago. Between two codes there is a cooldown "
                  + "(Verifications:ResendCooldown). Nothing was done. Retry later.");
        return verification is null
            ? Create(problem, ToSeconds(retryAfter))
            : ForVerification(verification, problem, ToSeconds(retryAfter));
    }

    public static EndpointResult OwnerLimit(TimeSpan retryAfter) => Create(
        new Problem(
            "owner-limit", "The owner was sent too many codes", StatusCodes.Status429TooManyRequests,
            "The owner of the CEN has reached the limit of codes per hour (Verifications:MaxSendsPerOwnerPerHour). "
            + "Nothing was done. Retry later."),
        ToSeconds(retryAfter));

    public static EndpointResult SendingPaused() => Create(
        new Problem(
            "sending-paused", "Sending is paused", StatusCodes.Status503ServiceUnavailable,
            $"An operator has paused all sends (Verifications:SendingPaused). Nothing was done. {RetryWithSameKey}"),
        OperatorRetryAfterSeconds);

    public static EndpointResult TooManyChecks(Verification verification, TimeSpan retryAfter) => ForVerification(
        verification,
        new Problem(
            "check-limit", "The verification was checked too often", StatusCodes.Status429TooManyRequests,
            "Alibaba Cloud limits the attempts per code, so the app limits the checks per verification. Nothing was "
            + "done. Retry later."),
        ToSeconds(retryAfter));

    public static EndpointResult StoreUnavailable() => Create(
        new Problem(
            "store-unavailable", "The verification store is unavailable", StatusCodes.Status503ServiceUnavailable,
            "The app could not read or write its records, and did not call Alibaba Cloud. Retry later; with the same "
            + "Idempotency-Key nothing is done twice."),
        DefaultRetryAfterSeconds);

    public static EndpointResult Unreadable(Guid id) => Create(new Problem(
        "verification-unreadable", "The verification cannot be read", StatusCodes.Status500InternalServerError,
        "A newer version of the app wrote the verification. Nothing was done. Deploy that version again.")
    { VerificationId = id });

    public static EndpointResult KeyReused() => Create(new Problem(
        "idempotency-key-reused", "The idempotency key belongs to another request",
        StatusCodes.Status422UnprocessableEntity,
        "An earlier, different request had the same Idempotency-Key. Nothing was done. Use one key per request."));

    public static EndpointResult WithoutCen(Verification verification) => ForVerification(verification, new Problem(
        "verification-without-cen", "The verification has no CEN", StatusCodes.Status409Conflict,
        "The code was requested without a CEN, so there is nothing to check or attach. Nothing was done. Send a code "
        + "with a cenId."));

    /// <summary>The problem of a check or an attachment that failed, or whose outcome is unknown.</summary>
    public static EndpointResult CodeUseFailed(Verification verification, EcdFailure failure, bool isCheck) =>
        failure.Match(
            rejected => rejected.Error switch
            {
                { Kind: EcdErrorKind.Throttled } error =>
                    Throttled(verification, error, "Nothing was done. Retry later."),
                var error when CenCheck.StatusFromName(error.Code) is not CenCheckStatus.Other and var status =>
                    ForVerification(verification, new Problem(
                        "code-refused", "Alibaba Cloud rejected the code for the CEN",
                        StatusCodes.Status422UnprocessableEntity,
                        $"{CenCheckView.Describe(status)} Nothing was done.",
                        AlibabaCode: error.Code, RequestId: error.RequestId)),
                var error => Rejected(
                    verification, error, "Nothing was done.", isCheck ? VerifyCen.RamAction : AttachCen.RamAction),
            },
            notSent => NotSent(verification, $"Nothing was done: {notSent.Reason}. Retry later."),
            unknown => ForVerification(verification, new Problem(
                "attachment-unknown", "The outcome at Alibaba Cloud is unknown", StatusCodes.Status504GatewayTimeout,
                isCheck
                    ? $"Alibaba Cloud may have counted the attempt with the code: {unknown.Reason}. Nothing else was "
                      + "done. Retry later; a retry is another attempt."
                    : $"Alibaba Cloud may have carried out the request: {unknown.Reason}. Retry later; the app does "
                      + "not attach the CEN again before it has looked up whether it is attached.",
                AlibabaCode: unknown.Error?.Code, RequestId: unknown.Error?.RequestId)));

    public static EndpointResult Internal() => Create(new Problem(
        "internal-error", "The app failed", StatusCodes.Status500InternalServerError,
        "An unexpected error occurred. The app's log has the details."));

    /// <summary>The problem of a send that failed, or whose outcome is unknown.</summary>
    public static EndpointResult SendFailed(Verification verification, SendFailure failure) => failure switch
    {
        { Kind: SendFailureKind.Unknown } => ForVerification(verification, new Problem(
            "outcome-unknown", "It is unknown whether a code was sent", StatusCodes.Status504GatewayTimeout,
            $"A code may have been sent: {failure.Reason}. The app does not send it again by itself. Ask the owner of "
            + "the CEN, and resend the code if none arrived.",
            AlibabaCode: failure.Error?.Code, RequestId: failure.Error?.RequestId)),
        { Error: { Kind: EcdErrorKind.Throttled } error } =>
            Throttled(verification, error, $"No code was sent. {RetryWithSameKey}"),
        { Error: { } error } => Rejected(verification, error, "No code was sent.", SendVerifyCode.RamAction),
        _ => NotSent(verification, $"No code was sent: {failure.Reason}. {RetryWithSameKey}"),
    };

    private static EndpointResult Throttled(Verification verification, EcdError error, string detail) =>
        ForVerification(
            verification,
            new Problem(
                "alibaba-throttled", "Alibaba Cloud is throttling requests", StatusCodes.Status503ServiceUnavailable,
                detail, AlibabaCode: error.Code, RequestId: error.RequestId),
            error.RetryAfter is { } wait ? ToSeconds(wait) : DefaultRetryAfterSeconds);

    private static EndpointResult Rejected(
        Verification verification, EcdError error, string detail, string permission) =>
        ForVerification(verification, new Problem(
            "alibaba-refused", "Alibaba Cloud rejected the request", StatusCodes.Status502BadGateway,
            $"{detail} {Advice(error)}",
            AlibabaCode: error.Code, RequestId: error.RequestId,
            MissingPermission: error.Kind == EcdErrorKind.Permission ? error.MissingAction ?? permission : null));

    private static EndpointResult NotSent(Verification verification, string detail) => ForVerification(
        verification,
        new Problem(
            "not-sent", "The request did not reach Alibaba Cloud", StatusCodes.Status503ServiceUnavailable, detail),
        DefaultRetryAfterSeconds);

    private static string Advice(EcdError error) => error.Kind switch
    {
        EcdErrorKind.Credentials =>
            "Alibaba Cloud does not accept the access key. Check the configured secrets, and that the key is active.",
        EcdErrorKind.Permission => "The RAM user of the access key lacks a permission. Grant missingPermission.",
        EcdErrorKind.Clock => "The clock of the app's machine is wrong. Synchronize it.",
        _ => "Look up the alibabaCode and the requestId in Alibaba Cloud's OpenAPI diagnosis.",
    };

    private static EndpointResult ForVerification(
        Verification verification, Problem problem, int? retryAfterSeconds = null) =>
        Create(problem with { VerificationId = verification.Id, State = verification.State }, retryAfterSeconds);

    private static EndpointResult Create(Problem problem, int? retryAfterSeconds = null) => new(
        problem.Status,
        "application/problem+json; charset=utf-8",
        JsonSerializer.Serialize(problem with { Type = TypePrefix + problem.Type }, EdsJson.Default.Problem),
        RetryAfterSeconds: retryAfterSeconds);

    private static int ToSeconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}

/// <summary>Problem details (RFC 9457) with the extension members of this API.</summary>
/// <param name="Type">Identifies the kind of problem; stable.</param>
/// <param name="Title">The summary; the same for every problem of a type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened to this request, and what to do.</param>
/// <param name="Errors">The validation errors by field.</param>
/// <param name="VerificationId">The id of the verification.</param>
/// <param name="State">The state of the verification.</param>
/// <param name="AlibabaCode">The error code in Alibaba Cloud's response.</param>
/// <param name="RequestId">Alibaba Cloud's id of the request.</param>
/// <param name="MissingPermission">
/// The RAM action for which the RAM user of the access key lacks the permission.
/// </param>
public sealed record Problem(
    string Type,
    string Title,
    int Status,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    Guid? VerificationId = null,
    VerificationState? State = null,
    string? AlibabaCode = null,
    string? RequestId = null,
    string? MissingPermission = null);

/// <summary>An endpoint throws this exception to respond with a problem.</summary>
internal sealed class ProblemException(EndpointResult problem) : Exception
{
    public EndpointResult Problem => problem;
}
