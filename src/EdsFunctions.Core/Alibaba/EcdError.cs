namespace EdsFunctions.Core.Alibaba;

/// <summary>
/// An error that Alibaba answered with. The vendor's message is left out on purpose: it can echo the string to sign, account
/// ids and parameter values. The code, with the request id, finds it in Alibaba's own diagnosis page.
/// </summary>
/// <param name="Code">The vendor's error code, such as <c>Forbidden.RAM</c>: letters, digits, dots, underscores and hyphens.</param>
/// <param name="HttpStatus">The status it came with; the code decides, not the status.</param>
/// <param name="RequestId">Alibaba's id of the request, where it gave one.</param>
/// <param name="MissingAction">The RAM action that was denied, such as <c>ecd:SendVerifyCode</c>, where it was named.</param>
/// <param name="RetryAfter">How long Alibaba asks to wait, where it said so.</param>
public sealed record EcdError(
    string Code, int HttpStatus, string? RequestId = null, string? MissingAction = null, TimeSpan? RetryAfter = null)
    : ExtensibleRecord
{
    /// <summary>Codes that begin with one of these refuse the request, which stays refused until it or something at Alibaba changes.</summary>
    private static readonly string[] RequestPrefixes =
    [
        "Missing", "Invalid", "Illegal", "Unsupported", "Incomplete", "Forbidden", "OperationDenied", "OperationUnsupported",
        "IncorrectStatus", "QuotaExceed", "VerifyCode.",
    ];

    /// <summary>So do codes with one of these in them.</summary>
    private static readonly string[] RequestParts = [".NotFound", ".NotExist"];

    /// <summary>So do codes that end with one of these.</summary>
    private static readonly string[] RequestSuffixes = [".Malformed", ".Duplicate"];

    /// <summary>What the code asks for.</summary>
    [JsonIgnore]
    public EcdErrorKind Kind { get; } = GetKind(Code);

    /// <summary>
    /// Only the families of codes that are documented, or were seen, as refusals are refusals: any other code may come after the work
    /// was done.
    /// </summary>
    private static EcdErrorKind GetKind(string code) => code switch
    {
        _ when code.Contains("Timeout", StringComparison.OrdinalIgnoreCase) => EcdErrorKind.Unknown,
        _ when code.Contains("Throttling", StringComparison.Ordinal) || Begins(code, "TooManyRequests") => EcdErrorKind.Throttled,
        "SignatureDoesNotMatch" or "IncompleteSignature" or "Forbidden.AccessKeyDisabled" => EcdErrorKind.Credentials,
        _ when Begins(code, "InvalidAccessKeyId") || Begins(code, "InvalidSecurityToken") => EcdErrorKind.Credentials,
        _ when Begins(code, "InvalidTimeStamp") || Begins(code, "IllegalTimestamp") => EcdErrorKind.Clock,
        "Forbidden" or "Forbidden.RAM" or "Forbidden.Unauthorized" or "Forbidden.SubUser" => EcdErrorKind.Permission,
        _ when Begins(code, "NoPermission") => EcdErrorKind.Permission,
        _ when RequestPrefixes.Any(prefix => Begins(code, prefix))
            || RequestParts.Any(part => code.Contains(part, StringComparison.Ordinal))
            || RequestSuffixes.Any(suffix => code.EndsWith(suffix, StringComparison.Ordinal)) => EcdErrorKind.Request,
        _ => EcdErrorKind.Unknown,
    };

    private static bool Begins(string code, string prefix) => code.StartsWith(prefix, StringComparison.Ordinal);
}

/// <summary>What an error of Alibaba's asks for.</summary>
public enum EcdErrorKind
{
    /// <summary>The request itself is not acceptable; the same again will be refused again.</summary>
    Request,

    /// <summary>Too many requests; the same again later may be accepted.</summary>
    Throttled,

    /// <summary>The access key is unknown or inactive, or the signature does not fit it: the credentials may have been rotated.</summary>
    Credentials,

    /// <summary>The RAM user may not call the operation.</summary>
    Permission,

    /// <summary>The clock of this machine is off by more than 15 minutes, or the date was not understood.</summary>
    Clock,

    /// <summary>Not a refusal that is known: the request may have been carried out.</summary>
    Unknown,
}
