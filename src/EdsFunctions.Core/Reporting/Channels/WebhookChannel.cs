using System.Security.Cryptography;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Reporting;

/// <summary>Any other receiver: the notice for programs, signed as Standard Webhooks (https://www.standardwebhooks.com).</summary>
internal sealed class WebhookChannel(Uri url, SigningKeys key) : ReportPlatform(url)
{
    public override HttpRequestMessage CreateRequest(byte[] body, DateTimeOffset now)
    {
        var id = $"msg_{Guid.NewGuid():N}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = base.CreateRequest(body, now);
        request.Headers.Add(StandardWebhooksHeaders.Id, id);
        request.Headers.Add(StandardWebhooksHeaders.Timestamp, timestamp);
        request.Headers.Add(StandardWebhooksHeaders.Signature, Sign(key, id, timestamp, body));
        return request;
    }

    /// <summary><c>v1,</c> and the base64 of the HMAC-SHA256 of <c>{id}.{timestamp}.{body}</c>.</summary>
    internal static string Sign(SigningKeys key, string id, string timestamp, byte[] body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(key.All[0], (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));

    protected override JsonObject Payload(ReportNotice notice, DateTimeOffset now) => new()
    {
        ["type"] = notice.Type,
        ["timestamp"] = notice.At.UtcDateTime,
        ["data"] = JsonSerializer.SerializeToNode(notice.Data, ReportJson.Default.StaleReportView),
    };
}
