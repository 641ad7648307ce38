using System.Text.Encodings.Web;

namespace EdsFunctions.EcdSimulator;

/// <summary>Ends the handling of a request with an error response.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">The error code that clients decide by, such as <c>SignatureDoesNotMatch</c>.</param>
/// <param name="message">For a person; may echo what was signed, as the real gateway's does.</param>
internal sealed class EcdRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>For the <c>x-acs-retry-after</c> header.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>The RAM action that the caller may not perform, and why.</summary>
    public JsonObject? AccessDeniedDetail { get; init; }

    public static EcdRefusal Incomplete(string message) => new(400, "IncompleteSignature", message);

    public static EcdRefusal Missing(string parameter) =>
        new(400, "Missing" + parameter, $"{parameter} is mandatory for this action.");

    public static EcdRefusal Invalid(string parameter, string why) =>
        new(400, "InvalidParameter." + parameter, $"The specified parameter {parameter} is not valid: {why}.");
}

/// <param name="RequestId">Of the request.</param>
/// <param name="Outcome">For the request log: <c>OK</c> or the error code.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">JSON, or the start of it.</param>
/// <param name="RetryAfterMs">For the <c>x-acs-retry-after</c> header.</param>
internal sealed record GatewayResponse(
    string RequestId, string Outcome, int Status, string Body, int? RetryAfterMs = null)
{
    // The real gateway does not escape characters that JSON allows, such as the & of an echoed query.
    private static readonly JsonSerializerOptions Json =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static GatewayResponse FromSuccess(SimulatedRequest request, JsonObject body)
    {
        body[nameof(RequestId)] = request.RequestId;
        return new GatewayResponse(request.RequestId, "OK", 200, body.ToJsonString(Json));
    }

    /// <summary>The error body of every Alibaba Cloud gateway.</summary>
    public static GatewayResponse FromRefusal(SimulatedRequest request, EcdRefusal refusal)
    {
        var body = new JsonObject
        {
            [nameof(RequestId)] = request.RequestId,
            ["HostId"] = request.Host,
            ["Code"] = refusal.Code,
            ["Message"] = refusal.Message,
            ["Recommend"] = "https://api.alibabacloud.com/troubleshoot"
                + $"?q={refusal.Code}&product=ecd&requestId={request.RequestId}",
        };
        if (refusal.AccessDeniedDetail is { } detail)
            body[nameof(refusal.AccessDeniedDetail)] = detail;
        return new GatewayResponse(
            request.RequestId, refusal.Code, refusal.Status, body.ToJsonString(Json), refusal.RetryAfterMs);
    }

    public async Task WriteAsync(HttpContext context)
    {
        var body = Encoding.UTF8.GetBytes(Body);
        context.Response.StatusCode = Status;
        context.Response.ContentType = "application/json;charset=utf-8";
        context.Response.ContentLength = body.Length;
        context.Response.Headers["x-acs-request-id"] = RequestId;
        if (RetryAfterMs is { } retryAfter)
            context.Response.Headers["x-acs-retry-after"] = retryAfter.ToString(CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
