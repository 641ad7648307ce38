using System.Text.Encodings.Web;

namespace EdsFunctions.EcdSimulator.Gateway;

/// <summary>A request under way.</summary>
/// <param name="Action">The <c>x-acs-action</c> header; empty where there is none.</param>
/// <param name="Host">The <c>Host</c> header, with the port where the caller gave one.</param>
/// <param name="Parameters">From the query and from a form.</param>
/// <param name="RequestId">An upper-case GUID, new for each request.</param>
internal sealed record EcdCall(string Action, string Host, EcdParameters Parameters, string RequestId)
{
    // The real gateway does not escape what JSON lets stand, such as the & of an echoed query.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static EcdCall From(RawRequest request) => new(
        request.Header("x-acs-action") ?? "",
        request.Header("host") ?? "",
        new EcdParameters(request),
        Guid.NewGuid().ToString().ToUpperInvariant());

    /// <param name="body">What the action has to say.</param>
    public Reply.Answer Succeed(JsonObject body)
    {
        body[nameof(RequestId)] = RequestId;
        return new Reply.Answer("OK", 200, body.ToJsonString(Json));
    }

    /// <summary>The error body every Alibaba Cloud gateway answers.</summary>
    public Reply.Answer Refuse(EcdRefusal refusal) => new(refusal.Code, refusal.Status, JsonSerializer.Serialize(new
    {
        RequestId,
        HostId = Host,
        refusal.Code,
        refusal.Message,
        Recommend = RecommendationFor(refusal.Code),
    }, Json));

    /// <summary>The same, with the detail that names the RAM action the caller may not perform.</summary>
    public Reply.Answer Deny() => new("Forbidden.RAM", 403, JsonSerializer.Serialize(new
    {
        RequestId,
        HostId = Host,
        Code = "Forbidden.RAM",
        Message = "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
        Recommend = RecommendationFor("Forbidden.RAM"),
        AccessDeniedDetail = new
        {
            AuthAction = $"ecd:{Action}",
            AuthPrincipalDisplayName = "simulator",
            AuthPrincipalOwnerId = "1000000000000000",
            AuthPrincipalType = "SubUser",
            NoPermissionType = "ImplicitDeny",
            PolicyType = "AccountLevelIdentityBasedPolicy",
        },
    }, Json));

    private string RecommendationFor(string code) =>
        $"https://api.alibabacloud.com/troubleshoot?q={code}&product=ecd&requestId={RequestId}";
}
