using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Notifications;

/// <summary>
/// A custom robot of DingTalk (https://open.dingtalk.com/document/robots/custom-robot-access). With a secret the address is signed.
/// HTTP 200 says nothing: what counts is <c>errcode</c>.
/// </summary>
internal sealed class DingTalkChannel(Uri url, Secret? secret) : ReportPlatform(url)
{
    public override int MaxBytes => 20_000;

    public override HttpRequestMessage CreateRequest(byte[] body, DateTimeOffset now)
    {
        var request = base.CreateRequest(body, now);
        if (secret is not null)
        {
            request.RequestUri = Signed(request.RequestUri!, secret, now);
        }

        return request;
    }

    public override string? GetRejection(ReadOnlySpan<byte> body) => LenientJson.ParseObject(body)?.Number("errcode") switch
    {
        0 => null,
        { } code => string.Create(CultureInfo.InvariantCulture, $"it answered errcode {code}"),
        null => "its answer has no errcode",
    };

    /// <summary>The base64 of the HMAC-SHA256 of the time, a line feed and the secret; the secret is the key as well.</summary>
    internal static string Sign(Secret secret, string timestamp) => Convert.ToBase64String(HMACSHA256.HashData(
        secret.RevealUtf8(), [.. Encoding.UTF8.GetBytes(timestamp), (byte)'\n', .. secret.RevealUtf8()]));

    protected override JsonObject Payload(ReportNotice notice, DateTimeOffset now) => DingTalkFormat.Payload(notice.Message);

    private static Uri Signed(Uri url, Secret secret, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var query = $"timestamp={timestamp}&sign={Uri.EscapeDataString(Sign(secret, timestamp))}";
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query}&{query}" : query }.Uri;
    }
}
