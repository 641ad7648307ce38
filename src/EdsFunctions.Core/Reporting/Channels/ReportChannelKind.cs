namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>Where a report can be sent.</summary>
public enum ReportChannelKind
{
    /// <summary>An incoming webhook of Slack.</summary>
    Slack,

    /// <summary>A Workflows URL of Microsoft Teams.</summary>
    Teams,

    /// <summary>A custom robot of DingTalk.</summary>
    DingTalk,

    /// <summary>A custom robot of Feishu or Lark.</summary>
    Feishu,

    /// <summary>Any other receiver, signed as Standard Webhooks.</summary>
    Webhook,
}
