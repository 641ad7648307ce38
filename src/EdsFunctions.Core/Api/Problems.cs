using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Alibaba.Operations;
using EdsFunctions.Core.Verifications;

namespace EdsFunctions.Core.Api;

/// <summary>Every problem that the app answers with. The types are part of the contract; none repeats a value of the request.</summary>
internal static class Problems
{
    public const string TypePrefix = "urn:eds-functions:problem:";

    /// <summary>Where Alibaba or the network says nothing of when to try again.</summary>
    private const int DefaultRetryAfterSeconds = 10;

    /// <summary>Most answers of Alibaba's come sooner.</summary>
    private const int InProgressRetryAfterSeconds = 5;

    public static EndpointResult InvalidRequest(FieldErrors errors) => Create(new Problem(
        "invalid-request", "The request is not valid", StatusCodes.Status400BadRequest, errors.Summary, errors.ByField));

    public static EndpointResult InvalidRequest(string field, string message)
    {
        var errors = new FieldErrors();
        errors.Add(field, message);
        return InvalidRequest(errors);
    }

    public static EndpointResult BodyTooLarge() => Create(new Problem(
        "body-too-large", "The body is too large", StatusCodes.Status413PayloadTooLarge,
        $"The body may have {RequestBody.MaxBytes} bytes."));

    public static EndpointResult UnsupportedMediaType() => Create(new Problem(
        "unsupported-media-type", "The media type is not supported", StatusCodes.Status415UnsupportedMediaType,
        "The body must be JSON in UTF-8, with Content-Type: application/json and without a content encoding."));

    /// <summary>What is wrong with the signature is in the log: whoever forges one is not helped.</summary>
    public static EndpointResult SignatureInvalid() => Create(new Problem(
        "signature-invalid", "The delivery is not signed as it has to be", StatusCodes.Status401Unauthorized, "Nothing was done."));

    public static EndpointResult NoSuchPlatform() => Create(new Problem(
        "platform-not-found", "There is no such chat platform", StatusCodes.Status404NotFound));

    public static EndpointResult NotFound() => Create(new Problem(
        "verification-not-found", "There is no such verification", StatusCodes.Status404NotFound));

    public static EndpointResult Closed(Verification verification) => About(verification, new Problem(
        "verification-closed", "The verification is closed", StatusCodes.Status409Conflict,
        verification.OfficeSiteId is { } site
            ? $"It is {verification.State.Name()} and stays so. The CEN is attached to {site}."
            : $"It is {verification.State.Name()} and stays so."));

    public static EndpointResult InProgress(Verification verification) => About(verification, new Problem(
        "verification-in-progress", "Another request is in progress", StatusCodes.Status409Conflict,
        verification.Attaching is { } attempt
            ? $"The CEN is being attached to {attempt.OfficeSiteId}, or it is not known yet whether it is. Nothing was done."
            : "A code is being sent for the same CEN. Nothing was done."), InProgressRetryAfterSeconds);

    public static EndpointResult TooSoon(Verification? verification, TimeSpan retryAfter)
    {
        var problem = new Problem(
            "verification-cooldown", "A code was sent a moment ago", StatusCodes.Status429TooManyRequests,
            verification is { State: VerificationState.Unknown }
                ? "The owner of the CEN may have an e-mail on the way. Nothing was done."
                : "The owner of the CEN has an e-mail on the way. Nothing was done.");
        return verification is null ? Create(problem, Seconds(retryAfter)) : About(verification, problem, Seconds(retryAfter));
    }

    public static EndpointResult OwnerLimit(TimeSpan retryAfter) => Create(
        new Problem(
            "owner-limit", "The owner got too many codes", StatusCodes.Status429TooManyRequests,
            "The owner of the CEN got as many e-mails as are allowed in an hour. Nothing was done."),
        Seconds(retryAfter));

    public static EndpointResult TooManyChecks(Verification verification, TimeSpan retryAfter) => About(
        verification,
        new Problem(
            "check-limit", "Too many checks", StatusCodes.Status429TooManyRequests,
            "Alibaba Cloud limits the tries of a code, so the app limits the checks of a verification. Nothing was done."),
        Seconds(retryAfter));

    public static EndpointResult StoreUnavailable() => Create(
        new Problem(
            "store-unavailable", "The record store is unavailable", StatusCodes.Status503ServiceUnavailable,
            "Nothing was asked of Alibaba Cloud. Try again later; with the same Idempotency-Key nothing is done twice."),
        DefaultRetryAfterSeconds);

    public static EndpointResult Unreadable(Guid id) => Create(new Problem(
        "verification-unreadable", "The record cannot be read", StatusCodes.Status500InternalServerError,
        "A newer version of the app has written the record. Nothing was done. Update this app.")
    { VerificationId = id });

    public static EndpointResult KeyReused() => Create(new Problem(
        "idempotency-key-reused", "The idempotency key came with another request", StatusCodes.Status422UnprocessableEntity,
        "A key names one request. Nothing was done."));

    public static EndpointResult WithoutCen(Verification verification) => About(verification, new Problem(
        "verification-without-cen", "The verification names no CEN", StatusCodes.Status409Conflict,
        "It was asked for without one, so that there is nothing to check or to attach. Nothing was done."));

    /// <summary>The problem of a check or an attachment that is not known to be done.</summary>
    public static EndpointResult UseFailed(Verification verification, EcdFailure failure, string permission) => failure.Match(
        rejected => rejected.Error switch
        {
            { Kind: EcdErrorKind.Throttled } error => Throttled(verification, error, "Nothing was done."),
            var error when CenCheck.StatusFromName(error.Code) is not CenCheckStatus.Other and var status =>
                About(verification, new Problem(
                    "code-refused", "Alibaba does not accept the code for the CEN",
                    StatusCodes.Status422UnprocessableEntity,
                    $"{CenCheckView.Words(status)} Nothing was done.",
                    AlibabaCode: error.Code, RequestId: error.RequestId)),
            var error => Refused(verification, error, "Nothing was done.", permission),
        },
        notSent => NotSent(verification, $"Nothing was done: {notSent.Reason}."),
        unknown => About(verification, new Problem(
            "attachment-unknown", "It is not known whether Alibaba did it", StatusCodes.Status504GatewayTimeout,
            $"It may have been done: {unknown.Reason}. The CEN can be attached again once it can no longer be in progress; " +
            "then the app looks first whether it is attached.",
            AlibabaCode: unknown.Error?.Code, RequestId: unknown.Error?.RequestId)));

    public static EndpointResult Internal() => Create(new Problem(
        "internal-error", "The app failed", StatusCodes.Status500InternalServerError, "The log says more."));

    /// <summary>What a caller hears of a send that Alibaba did not accept.</summary>
    public static EndpointResult NotAccepted(Verification verification, SendFailure failure) => failure switch
    {
        { Kind: SendFailureKind.Unknown } => About(verification, new Problem(
            "outcome-unknown", "It is not known whether a code was sent", StatusCodes.Status504GatewayTimeout,
            $"A code may have been sent: {failure.Reason}. It is not sent again unless someone asks for it.",
            AlibabaCode: failure.Error?.Code, RequestId: failure.Error?.RequestId)),
        { Error: { Kind: EcdErrorKind.Throttled } error } => Throttled(verification, error, $"No code was sent. {AskAnew}"),
        { Error: { } error } => Refused(verification, error, "No code was sent.", SendVerifyCode.RamAction),
        _ => NotSent(verification, $"No code was sent: {failure.Reason}. {AskAnew}"),
    };

    private static EndpointResult Throttled(Verification verification, EcdError error, string detail) => About(verification, new Problem(
        "alibaba-throttled", "Alibaba takes no more requests for now", StatusCodes.Status503ServiceUnavailable,
        detail, AlibabaCode: error.Code, RequestId: error.RequestId),
        error.RetryAfter is { } wait ? Seconds(wait) : DefaultRetryAfterSeconds);

    private static EndpointResult Refused(Verification verification, EcdError error, string detail, string permission) =>
        About(verification, new Problem(
            "alibaba-refused", "Alibaba refused the request", StatusCodes.Status502BadGateway, $"{detail} {Advice(error)}",
            AlibabaCode: error.Code, RequestId: error.RequestId,
            MissingPermission: error.Kind == EcdErrorKind.Permission ? error.MissingAction ?? permission : null));

    private static EndpointResult NotSent(Verification verification, string detail) => About(verification, new Problem(
        "not-sent", "The request was not sent", StatusCodes.Status503ServiceUnavailable, detail), DefaultRetryAfterSeconds);

    /// <summary>A repeat with the same key is tried again.</summary>
    private const string AskAnew = "Ask again later, with the same idempotency key if there was one.";

    private static string Advice(EcdError error) => error.Kind switch
    {
        EcdErrorKind.Credentials => "Alibaba does not accept the access key; check the secret in the vault and that the key is active.",
        EcdErrorKind.Permission => "The RAM user of the access key lacks a permission.",
        EcdErrorKind.Clock => "The clock of this machine is off.",
        _ => "Look the code and the request id up in Alibaba Cloud's OpenAPI diagnosis.",
    };

    private static EndpointResult About(Verification verification, Problem problem, int? retryAfterSeconds = null) =>
        Create(problem with { VerificationId = verification.Id, State = verification.State }, retryAfterSeconds);

    private static EndpointResult Create(Problem problem, int? retryAfterSeconds = null) => new(
        problem.Status,
        "application/problem+json; charset=utf-8",
        JsonSerializer.Serialize(problem with { Type = TypePrefix + problem.Type }, EdsJson.Default.Problem),
        RetryAfterSeconds: retryAfterSeconds);

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));
}

/// <summary>Problem details as of RFC 9457, with the members that our problems have.</summary>
/// <param name="Type">Stable: what callers decide by.</param>
/// <param name="Title">The same for every problem of a type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What is wrong this time.</param>
/// <param name="Errors">The fields that are wrong, and what is wrong with each.</param>
/// <param name="VerificationId">The verification that it is about.</param>
/// <param name="State">The state of that verification.</param>
/// <param name="AlibabaCode">The error code that Alibaba gave.</param>
/// <param name="RequestId">Alibaba's id of the request.</param>
/// <param name="MissingPermission">The RAM action that has to be allowed.</param>
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

/// <summary>Ends a request with a problem; <see cref="ExceptionFilter"/> makes it the response.</summary>
internal sealed class ProblemException(EndpointResult problem) : Exception
{
    public EndpointResult Problem => problem;
}
