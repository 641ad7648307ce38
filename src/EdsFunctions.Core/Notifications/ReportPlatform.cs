using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Messages;
using EdsFunctions.Core.Signatures;

namespace EdsFunctions.Core.Notifications;

/// <summary>One kind of channel: how a notice is written for it, and how its response is read.</summary>
internal abstract class ReportPlatform(Uri url)
{
    /// <summary>The longest body that it accepts.</summary>
    public virtual int MaxBytes => int.MaxValue;

    /// <param name="options">Validated options.</param>
    public static ReportPlatform Create(ReportChannelOptions options)
    {
        var url = new Uri(options.Url!);
        var secret = string.IsNullOrEmpty(options.Secret) ? null : new Secret(options.Secret);
        return options.NamedKind switch
        {
            ReportChannelKind.Slack => new SlackChannel(url),
            ReportChannelKind.Teams => new TeamsChannel(url),
            ReportChannelKind.DingTalk => new DingTalkChannel(url, secret),
            ReportChannelKind.Feishu => new FeishuChannel(url, secret),
            ReportChannelKind.Webhook => new WebhookChannel(url, SigningKeys.OfStandardWebhooks([options.Secret!])),
            _ => throw new ArgumentException("There is no such kind.", nameof(options)),
        };
    }

    /// <summary>The body of the request.</summary>
    public byte[] Write(ReportNotice notice, DateTimeOffset now) => MessageJson.WriteBytes(Payload(notice, now));

    /// <summary>The request, signed if the signature is not in the body.</summary>
    public virtual HttpRequestMessage CreateRequest(byte[] body, DateTimeOffset now) => MessageJson.Post(url, body);

    /// <summary>Why the platform rejected the notice, without any of its text; null if it accepted it.</summary>
    /// <param name="body">The beginning of its response to a request that succeeded in HTTP.</param>
    public virtual string? GetRejection(ReadOnlySpan<byte> body) => null;

    protected abstract JsonObject Payload(ReportNotice notice, DateTimeOffset now);
}
