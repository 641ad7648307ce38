namespace EdsFunctions.Core.Http;

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
internal sealed record Problem(
    string Type,
    string Title,
    int Status,
    string? Detail = null,
    IReadOnlyDictionary<string, string[]>? Errors = null,
    Guid? VerificationId = null,
    string? State = null,
    string? AlibabaCode = null,
    string? RequestId = null,
    string? MissingPermission = null);
