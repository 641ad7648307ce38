namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>One channel of <see cref="StaleReportOptions.Channels"/>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>What speaks there.</summary>
    public ReportChannelKind? Kind { get; set; }

    /// <summary>Where it is. Whoever knows it can write there, so it is a secret.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// What requests are signed with: needed for a webhook, in the form of Standard Webhooks; optional for DingTalk and Feishu; unknown to
    /// Slack and Teams.
    /// </summary>
    public string? Secret { get; set; }
}
