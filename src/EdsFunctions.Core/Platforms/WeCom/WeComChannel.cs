using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.WeCom;

/// <summary>
/// A group robot of WeCom (https://developer.work.weixin.qq.com/document/path/91770). Its URL is the secret. Errors
/// have HTTP status 200 as well: <c>errcode</c> decides.
/// </summary>
internal sealed class WeComChannel() : ChannelKind("WeCom")
{
    /// <summary>
    /// WeCom limits the Markdown to 4,096 bytes. The app applies this limit to the whole body, which is always larger.
    /// </summary>
    public override int MaxBytes => 4_096;

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "errcode");

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        WeComFormat.Payload(notice.Message);
}
