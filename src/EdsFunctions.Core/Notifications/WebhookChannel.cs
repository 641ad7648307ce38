using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Notifications;

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
        var signature = SignatureSchemes.StandardWebhooks.Sign(key.All[0], id, timestamp, body);
        request.Headers.Add(StandardWebhooksHeaders.Signature, $"v1,{Convert.ToBase64String(signature)}");
        return request;
    }

    protected override JsonObject Payload(ReportNotice notice, DateTimeOffset now) => new()
    {
        ["type"] = notice.Type,
        ["timestamp"] = notice.At.UtcDateTime,
        ["data"] = JsonSerializer.SerializeToNode(notice.Data, ReportJson.Default.StaleReportView),
    };
}
