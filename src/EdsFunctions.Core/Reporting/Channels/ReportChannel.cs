using EdsFunctions.Core.Alibaba;
using EdsFunctions.Core.Webhooks;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>One configured channel.</summary>
/// <param name="Name">What it is called in the configuration, in logs and in the marks of what it was told.</param>
/// <param name="Platform">What speaks there.</param>
internal sealed record ReportChannel(string Name, IReportPlatform Platform)
{
    /// <param name="name">Its name.</param>
    /// <param name="options">Options that were checked.</param>
    public static ReportChannel Of(string name, ReportChannelOptions options)
    {
        var url = ReportUrl.TryRead(options.Url ?? "", out var read) ? read : throw new ArgumentException("There is no address.", nameof(options));
        var secret = string.IsNullOrEmpty(options.Secret) ? null : new Secret(options.Secret);
        return new ReportChannel(name, options.NamedKind switch
        {
            ReportChannelKind.Slack => new SlackChannel(url),
            ReportChannelKind.Teams => new TeamsChannel(url),
            ReportChannelKind.DingTalk => new DingTalkChannel(url, secret),
            ReportChannelKind.Feishu => new FeishuChannel(url, secret),
            ReportChannelKind.Webhook => new WebhookChannel(url, SigningKeys.OfStandardWebhooks([options.Secret ?? ""])),
            _ => throw new ArgumentException("There is no such kind.", nameof(options)),
        });
    }
}
