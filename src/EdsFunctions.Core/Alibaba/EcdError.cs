namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An error response of Alibaba. Does not include the message of the response, which can echo account ids and parameter
/// values. Alibaba's OpenAPI diagnosis shows the message to anyone who has the request id.
/// </summary>
/// <param name="Code">Alibaba's error code, such as <c>Forbidden.RAM</c>.</param>
/// <param name="HttpStatus">The HTTP status of the response.</param>
/// <param name="RequestId">Alibaba's id of the request; null if the response has none.</param>
/// <param name="MissingAction">The denied RAM action, such as <c>ecd:SendVerifyCode</c>; null if none is named.</param>
/// <param name="RetryAfter">The delay that Alibaba asks for; null if it asks for none.</param>
public sealed record EcdError(
    string Code, int HttpStatus, string? RequestId = null, string? MissingAction = null, TimeSpan? RetryAfter = null)
    : ExtensibleRecord
{
    /// <summary>The kind of the error, by its code.</summary>
    [JsonIgnore]
    public EcdErrorKind Kind { get; } = GetKind(Code);

    /// <summary>
    /// Only error codes of known families prove that Alibaba did nothing. Alibaba may return any other code after it
    /// has carried out the request.
    /// </summary>
    private static EcdErrorKind GetKind(string code) => code switch
    {
        _ when code.Contains("Timeout", StringComparison.OrdinalIgnoreCase) => EcdErrorKind.Unknown,
        _ when code.Contains("Throttling", StringComparison.Ordinal)
            || code.Contains("TooManyRequests", StringComparison.Ordinal) => EcdErrorKind.Throttled,
        "SignatureDoesNotMatch" or "IncompleteSignature" or "MissingSecurityToken" => EcdErrorKind.Credentials,
        _ when HasPrefix(code, "InvalidAccessKey", "InvalidSecurityToken")
            || code.EndsWith("AccessKeyDisabled", StringComparison.Ordinal) => EcdErrorKind.Credentials,
        // Some products of Alibaba spell this error code with "TimeStamp", so the case is ignored.
        _ when code.StartsWith("InvalidTimestamp", StringComparison.OrdinalIgnoreCase)
            || code.StartsWith("IllegalTimestamp", StringComparison.OrdinalIgnoreCase) => EcdErrorKind.Clock,
        "Forbidden" or "Forbidden.RAM" or "Forbidden.Unauthorized" or "Forbidden.SubUser" => EcdErrorKind.Permission,
        _ when HasPrefix(code, "NoPermission") => EcdErrorKind.Permission,
        _ when HasPrefix(
                code,
                "Missing", "Invalid", "Illegal", "Unsupported", "Incomplete", "Forbidden", "OperationDenied",
                "OperationUnsupported", "IncorrectStatus", "QuotaExceed", "VerifyCode.")
            || code.Contains(".NotFound", StringComparison.Ordinal)
            || code.Contains(".NotExist", StringComparison.Ordinal)
            || code.EndsWith(".Malformed", StringComparison.Ordinal)
            || code.EndsWith(".Duplicate", StringComparison.Ordinal) => EcdErrorKind.Request,
        _ => EcdErrorKind.Unknown,
    };

    private static bool HasPrefix(string code, params string[] prefixes) =>
        prefixes.Any(prefix => code.StartsWith(prefix, StringComparison.Ordinal));
}

/// <summary>What an error code of Alibaba means, and how to react.</summary>
public enum EcdErrorKind
{
    /// <summary>The request is invalid. A retry would fail in the same way.</summary>
    Request,

    /// <summary>Alibaba is throttling requests: retry later.</summary>
    Throttled,

    /// <summary>
    /// The access key or the signature is invalid. Read the access key again, because an operator may have rotated it.
    /// </summary>
    Credentials,

    /// <summary>The RAM user lacks a permission: grant it.</summary>
    Permission,

    /// <summary>
    /// The date of the request is malformed, or wrong by more than 15 minutes. Check the clock of this machine.
    /// </summary>
    Clock,

    /// <summary>Alibaba may have carried out the request, so its outcome is unknown.</summary>
    Unknown,
}
