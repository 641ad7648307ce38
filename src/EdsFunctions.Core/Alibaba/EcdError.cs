namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An error response of Alibaba, without its message, which can echo the string to sign, account ids and parameter
/// values. Alibaba's troubleshooting page shows the message for the code and the request id.
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
    /// Only known families of codes mean that nothing was done: Alibaba may return any other code after it has done the
    /// work.
    /// </summary>
    private static EcdErrorKind GetKind(string code) => code switch
    {
        _ when code.Contains("Timeout", StringComparison.OrdinalIgnoreCase) => EcdErrorKind.Unknown,
        _ when code.Contains("Throttling", StringComparison.Ordinal)
            || code.Contains("TooManyRequests", StringComparison.Ordinal) => EcdErrorKind.Throttled,
        "SignatureDoesNotMatch" or "IncompleteSignature" or "MissingSecurityToken" => EcdErrorKind.Credentials,
        _ when HasPrefix(code, "InvalidAccessKey", "InvalidSecurityToken")
            || code.EndsWith("AccessKeyDisabled", StringComparison.Ordinal) => EcdErrorKind.Credentials,
        // Some of Alibaba's products write "TimeStamp".
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

/// <summary>What an error code of Alibaba means, and what has to be done.</summary>
public enum EcdErrorKind
{
    /// <summary>The request is invalid: fix it, since a retry fails in the same way.</summary>
    Request,

    /// <summary>Alibaba is throttling requests: retry later.</summary>
    Throttled,

    /// <summary>
    /// The access key or the signature is invalid: read the credentials again, since they may have been rotated.
    /// </summary>
    Credentials,

    /// <summary>The RAM user lacks a permission: grant it.</summary>
    Permission,

    /// <summary>
    /// The date of the request is more than 15 minutes off or malformed: check the clock of this machine.
    /// </summary>
    Clock,

    /// <summary>Alibaba may have done the work: treat the outcome as unknown.</summary>
    Unknown,
}
