using System.Text.Encodings.Web;

namespace EdsFunctions.EcdSimulator;

/// <summary>An error with which the simulated gateway responds.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="code">The error code, such as <c>SignatureDoesNotMatch</c>.</param>
/// <param name="message">May echo parts of the request, as the real gateway does.</param>
internal sealed class EcdRefusal(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>The value of <c>x-acs-retry-after</c>, in milliseconds.</summary>
    public int? RetryAfterMs { get; init; }

    /// <summary>The denied RAM action, with details.</summary>
    public JsonObject? AccessDeniedDetail { get; init; }

    public static EcdRefusal Incomplete(string message) => new(400, "IncompleteSignature", message);

    public static EcdRefusal Missing(string parameter) =>
        new(400, "Missing" + parameter, $"{parameter} is mandatory for this action.");

    public static EcdRefusal Invalid(string parameter, string why) =>
        new(400, "InvalidParameter." + parameter, $"The specified parameter {parameter} is not valid: {why}.");
}

/// <param name="RequestId">The id of the request.</param>
/// <param name="Outcome">The outcome for the request log: <c>OK</c>, or the error code.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">JSON, possibly truncated.</param>
/// <param name="RetryAfterMs">The value of <c>x-acs-retry-after</c>; null for none.</param>
internal sealed record GatewayResponse(
    string RequestId, string Outcome, int Status, string Body, int? RetryAfterMs = null)
{
    // Like the real gateway, the simulator does not escape characters such as & if it echoes a query.
    private static readonly JsonSerializerOptions Json =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static GatewayResponse FromSuccess(SimulatedRequest request, JsonObject body)
    {
        body[nameof(RequestId)] = request.RequestId;
        return new GatewayResponse(request.RequestId, "OK", 200, body.ToJsonString(Json));
    }

    /// <summary>Creates an error response, with the body that all gateways of Alibaba Cloud use.</summary>
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
