namespace EdsFunctions.Core.Notifications;

/// <summary>A channel in <c>StaleReport:Channels:{name}</c>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>
    /// The kind of the channel: <c>Slack</c>, <c>Teams</c>, <c>DingTalk</c>, <c>Feishu</c>, <c>WeCom</c> or
    /// <c>Webhook</c>. Required.
    /// </summary>
    public string? Kind { get; set; }

    /// <summary>
    /// The HTTPS URL that notices are posted to. Required. The URL is a secret: anyone who has it can post to the
    /// channel. In Development, it may be HTTP on loopback.
    /// </summary>
    public string? Url { get; set => field = value?.Trim(); }

    /// <summary>
    /// The secret that requests are signed with: required for <c>Webhook</c>, optional for <c>DingTalk</c> and
    /// <c>Feishu</c>, not supported by other kinds. Default: none.
    /// </summary>
    public string? Secret { get; set => field = value?.Trim(); }
}
