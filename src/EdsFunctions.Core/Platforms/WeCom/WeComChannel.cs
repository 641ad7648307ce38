using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.WeCom;

/// <summary>
/// Reports to a group robot of WeCom (https://developer.work.weixin.qq.com/document/path/91770). The only secret is the
/// URL of the robot. WeCom returns errors with the HTTP status 200 too, so the field <c>errcode</c> decides.
/// </summary>
internal sealed class WeComChannel() : ChannelKind("WeCom")
{
    /// <summary>
    /// WeCom limits the Markdown in a body to 4,096 bytes. The app applies this limit to the whole body, which is
    /// always larger than its Markdown.
    /// </summary>
    public override int MaxBytes => 4_096;

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "errcode");

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        WeComFormat.Payload(notice.Message);
}
