namespace EdsFunctions.Tests.Alibaba;

/// <summary>Responses of Alibaba's gateway.</summary>
internal static class EcdReplies
{
    private const string ContentType = "application/json;charset=utf-8";

    public static RawHttpReply Accepted(string requestId = "1CBAFFAB-B697-4049-A9B1-67E1FC5F2222") =>
        RawHttpReply.Create(200, ContentType, $$"""{"RequestId":"{{requestId}}"}""");

    public static RawHttpReply Throttled(int? retryAfterMs = null) => Refused(
        400,
        "Throttling.User",
        retryAfterMs is { } delay ? [("x-acs-retry-after", delay.ToString(CultureInfo.InvariantCulture))] : []);

    /// <summary>Creates an error response of Alibaba's gateway. The app must never show the message in it.</summary>
    public static RawHttpReply Refused(int status, string code, params (string Name, string Value)[] headers) =>
        RawHttpReply.Create(
            status,
            ContentType,
            $$"""
            {
              "Code": "{{code}}",
              "Message": "VENDOR-MESSAGE server StringToSign is [ACS3-HMAC-SHA256]",
              "RequestId": "0E5F-{{code}}",
              "HostId": "ecd.cn-hangzhou.aliyuncs.com"
            }
            """,
            headers);
}
