using System.Security.Cryptography;
using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>
/// A custom robot of DingTalk (https://open.dingtalk.com/document/robots/custom-robot-access). With a secret the address is signed; and
/// HTTP 200 says nothing: what counts is <c>errcode</c>.
/// </summary>
internal sealed class DingTalkChannel(Uri url, Secret? secret) : IReportPlatform
{
    public ReportChannelKind Kind => ReportChannelKind.DingTalk;

    public int MaxBytes => 20_000;

    public byte[] Write(ReportNotice notice, DateTimeOffset now) => MessageJson.WriteBytes(DingTalkFormat.Payload(notice.Message));

    public HttpRequestMessage Request(byte[] body, DateTimeOffset now) => JsonRequest.Post(secret is null ? url : Signed(secret, now), body);

    public string? Refusal(ReadOnlySpan<byte> body) => JsonAnswer.Number(body, "errcode") switch
    {
        0 => null,
        { } code => string.Create(CultureInfo.InvariantCulture, $"it answered errcode {code}"),
        null => "its answer has no errcode",
    };

    /// <summary>The base64 of the HMAC-SHA256 of the time, a line feed and the secret; the secret is the key as well.</summary>
    internal static string Sign(Secret secret, string timestamp) => Convert.ToBase64String(HMACSHA256.HashData(
        secret.RevealUtf8(), [.. Encoding.UTF8.GetBytes(timestamp), (byte)'\n', .. secret.RevealUtf8()]));

    private Uri Signed(Secret secret, DateTimeOffset now)
    {
        var timestamp = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var query = $"timestamp={timestamp}&sign={Uri.EscapeDataString(Sign(secret, timestamp))}";
        return new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query}&{query}" : query }.Uri;
    }
}
