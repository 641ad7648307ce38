using System.Security.Cryptography;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// Reports to a custom robot of Feishu or Lark (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). If
/// a secret is set, the body contains a signature. The robot returns errors with the HTTP status 200 too, so the field
/// <c>code</c> decides, or <c>StatusCode</c> in older responses.
/// </summary>
internal sealed class FeishuChannel() : ChannelKind("Feishu")
{
    public override int MaxBytes => 20_000;

    public override IEnumerable<string> ValidateSecret(string key, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : SigningKeys.Validate(key, secret, SigningKeys.FromText, minBytes: 1);

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "code", "StatusCode");

    /// <summary>
    /// Creates the signature: base64 of the HMAC-SHA256 of an empty text. The key is the time, a line feed and the
    /// secret.
    /// </summary>
    internal static string Sign(Secret secret, string timestamp) => Convert.ToBase64String(HMACSHA256.HashData(
        [.. Encoding.UTF8.GetBytes(timestamp), (byte)'\n', .. secret.RevealUtf8()], []));

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now)
    {
        var payload = FeishuFormat.Payload(notice.Message);
        if (channel.Secret is { Length: > 0 } secret)
        {
            var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            payload["timestamp"] = timestamp;
            payload["sign"] = Sign(new Secret(secret), timestamp);
        }

        return payload;
    }
}
