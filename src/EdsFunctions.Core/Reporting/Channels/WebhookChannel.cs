using System.Security.Cryptography;
using EdsFunctions.Core.Http;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Any other receiver: the notice for programs, signed as Standard Webhooks (https://www.standardwebhooks.com).</summary>
internal sealed class WebhookChannel(Uri url, SigningKeys key) : IReportPlatform
{
    public ReportChannelKind Kind => ReportChannelKind.Webhook;

    public int MaxBytes => int.MaxValue;

    public byte[] Write(ReportNotice notice, DateTimeOffset now) => MessageJson.WriteBytes(new JsonObject
    {
        ["type"] = notice.Type,
        ["timestamp"] = notice.At.UtcDateTime,
        ["data"] = JsonSerializer.SerializeToNode(notice.Data, EdsJson.Default.StaleReportView),
    });

    public HttpRequestMessage Request(byte[] body, DateTimeOffset now)
    {
        var id = $"msg_{Guid.NewGuid():N}";
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = JsonRequest.Post(url, body);
        request.Headers.Add(StandardWebhooksSignature.IdHeader, id);
        request.Headers.Add(StandardWebhooksSignature.TimestampHeader, timestamp);
        request.Headers.Add(StandardWebhooksSignature.SignatureHeader, Sign(key, id, timestamp, body));
        return request;
    }

    public string? Refusal(ReadOnlySpan<byte> body) => null;

    /// <summary><c>v1,</c> and the base64 of the HMAC-SHA256 of <c>{id}.{timestamp}.{body}</c>.</summary>
    internal static string Sign(SigningKeys key, string id, string timestamp, byte[] body) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(key.All[0], (byte[])[.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body]));
}
