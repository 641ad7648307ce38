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
{
    /// <summary>What the code asks for.</summary>
    [JsonIgnore]
    public EcdErrorKind Kind { get; } = KindOf(Code);

    private static EcdErrorKind KindOf(string code) => code switch
    {
        "SignatureDoesNotMatch" => EcdErrorKind.Credentials,
        "NoPermission" => EcdErrorKind.Permission,
        _ when code.StartsWith("Throttling", StringComparison.Ordinal) => EcdErrorKind.Throttled,
        _ when code.StartsWith("InvalidAccessKeyId", StringComparison.Ordinal) => EcdErrorKind.Credentials,
        _ when code.StartsWith("InvalidSecurityToken", StringComparison.Ordinal) => EcdErrorKind.Credentials,
        _ when code.StartsWith("InvalidTimeStamp", StringComparison.Ordinal) => EcdErrorKind.Clock,
        _ when code.StartsWith("Forbidden", StringComparison.Ordinal) => EcdErrorKind.Permission,
        _ => EcdErrorKind.Request,
    };
}

/// <summary>What a refusal of Alibaba's asks for.</summary>
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
}
