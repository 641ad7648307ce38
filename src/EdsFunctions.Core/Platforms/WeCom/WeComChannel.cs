using EdsFunctions.Core.Notifications;

namespace EdsFunctions.Core.Platforms.WeCom;

/// <summary>
/// A group robot of WeCom (https://developer.work.weixin.qq.com/document/path/91770). Its address is the secret. HTTP 200 says nothing:
/// what counts is <c>errcode</c>.
/// </summary>
internal sealed class WeComChannel() : ChannelKind("WeCom")
{
    /// <summary>WeCom counts the bytes of the Markdown alone.</summary>
    public override int MaxBytes => 4_096;

    public override string? GetRejection(ReadOnlySpan<byte> body) => GetRejectionByCode(body, "errcode");

    public override JsonObject Payload(ReportNotice notice, ReportChannelOptions channel, DateTimeOffset now) =>
        WeComFormat.Payload(notice.Message);
}
