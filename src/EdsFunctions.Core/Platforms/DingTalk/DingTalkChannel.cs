using System.Security.Cryptography;
using EdsFunctions.Core.Common;
using EdsFunctions.Core.Notifications;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Platforms.DingTalk;

/// <summary>
/// Reports to a custom robot of DingTalk (https://open.dingtalk.com/document/robots/custom-robot-access). If a secret
/// is set, the URL contains a signature. DingTalk returns errors with the HTTP status 200 too, so the field
/// <c>errcode</c> decides.
/// </summary>
internal sealed class DingTalkChannel() : ChannelKind("DingTalk")
{
    public override int MaxBytes => 20_000;

    public override IEnumerable<string> ValidateSecret(string key, string? secret) =>
        string.IsNullOrEmpty(secret) ? [] : SigningKeys.Validate(key, secret, SigningKeys.FromText, minBytes: 1);

    public override HttpRequestMessage CreateRequest(ReportChannelOptions channel, byte[] body, DateTimeOffset now)
    {
        var request = base.CreateRequest(channel, body, now);
        if (channel.Secret is { Length: > 0 } secret)
        {
            request.RequestUri = SignUrl(request.RequestUri!, new Secret(secret), now);
        }

        return request;
    }

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "errcode");

    /// <summary>
    /// Creates the signature: base64 of the HMAC-SHA256 of the time, a line feed and the secret. The secret is also the
    /// key.
    /// </summary>
    internal static string Sign(Secret secret, string timestamp) => Convert.ToBase64String(HMACSHA256.HashData(
        secret.RevealUtf8(), [.. Encoding.UTF8.GetBytes(timestamp), (byte)'\n', .. secret.RevealUtf8()]));

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        DingTalkFormat.Payload(notice.Message);

    private static Uri SignUrl(Uri url, Secret secret, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var query = $"timestamp={timestamp}&sign={Uri.EscapeDataString(Sign(secret, timestamp))}";
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query}&{query}" : query }.Uri;
    }
}
