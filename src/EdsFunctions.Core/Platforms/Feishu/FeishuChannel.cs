using System.Security.Cryptography;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.Feishu;

/// <summary>
/// A custom robot of Feishu or Lark (https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot). With a secret,
/// the body contains a signature. Errors have HTTP status 200 as well: <c>code</c>, or <c>StatusCode</c> in older
/// responses, decides.
/// </summary>
internal sealed class FeishuChannel() : ChannelKind("Feishu")
{
    public override int MaxBytes => 20_000;

    public override IEnumerable<string> ValidateSecret(string key, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : SigningKeys.Validate(key, secret, SigningKeys.FromText, minBytes: 1);

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "code", "StatusCode");

    /// <summary>Base64 of the HMAC-SHA256 of an empty message. The key is time, line feed and secret.</summary>
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
