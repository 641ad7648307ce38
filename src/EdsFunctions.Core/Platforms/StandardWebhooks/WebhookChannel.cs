using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.StandardWebhooks;

/// <summary>
/// Reports to any other program: as JSON, signed as a Standard Webhook (https://www.standardwebhooks.com).
/// </summary>
internal sealed class WebhookChannel() : ChannelKind("Webhook")
{
    public override IEnumerable<string> ValidateSecret(string key, string? secret) => string.IsNullOrEmpty(secret)
        ? [$"{key} is not set; a channel of kind Webhook needs one."]
        : SigningKeys.Validate(key, secret, StandardWebhooksSender.ParseKeys, StandardWebhooksSender.MinKeyBytes);

    public override HttpRequestMessage CreateRequest(ReportChannelOptions channel, byte[] body, DateTimeOffset now)
    {
        var id = $"msg_{Guid.NewGuid():N}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = base.CreateRequest(channel, body, now);
        request.Headers.Add(StandardWebhooksSender.IdHeader, id);
        request.Headers.Add(StandardWebhooksSender.TimestampHeader, timestamp);
        var signature = StandardWebhooksSender.Signature.Sign(
            StandardWebhooksSender.ParseKeys([channel.Secret!]).All[0], id, timestamp, body);
        request.Headers.Add(StandardWebhooksSender.SignatureHeader, $"v1,{Convert.ToBase64String(signature)}");
        return request;
    }

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) => new()
    {
        ["type"] = notice.Type,
        ["timestamp"] = notice.At.UtcDateTime,
        ["data"] = JsonSerializer.SerializeToNode(notice.Data, ReportJson.Default.StaleReportView),
    };
}
