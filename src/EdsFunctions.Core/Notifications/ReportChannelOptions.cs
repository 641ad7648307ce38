namespace EdsFunctions.Core.Notifications;

/// <summary>One channel of <see cref="StaleReportOptions.Channels"/>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>
    /// The name of a <see cref="ReportChannelKind"/>. It is a string, since the configuration binder silently drops a channel with a
    /// value that it cannot convert.
    /// </summary>
    public string? Kind { get; set; }

    /// <summary>Anyone who knows the address can post there, so it is a secret.</summary>
    public string? Url { get; set => field = value?.Trim(); }

    /// <summary>
    /// The secret that requests are signed with: required for a webhook, in the form of Standard Webhooks; optional for DingTalk and
    /// Feishu; unknown to Slack and Teams.
    /// </summary>
    public string? Secret { get; set => field = value?.Trim(); }

    /// <summary>The kind, in any case; null if there is no such kind.</summary>
    internal ReportChannelKind? NamedKind => Enum.GetValues<ReportChannelKind>()
        .Where(kind => kind.ToString().Equals(Kind, StringComparison.OrdinalIgnoreCase))
        .Select(kind => (ReportChannelKind?)kind)
        .SingleOrDefault();
}

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
