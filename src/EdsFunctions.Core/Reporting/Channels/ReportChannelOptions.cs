namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>One channel of <see cref="StaleReportOptions.Channels"/>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>
    /// What speaks there: the name of a <see cref="ReportChannelKind"/>. A text, since the binder of the configuration leaves out, without
    /// a word, a channel of which it cannot convert a value.
    /// </summary>
    public string? Kind { get; set; }

    /// <summary>Where it is. Whoever knows it can write there, so it is a secret.</summary>
    public string? Url { get; set; }

    /// <summary>
    /// What requests are signed with: needed for a webhook, in the form of Standard Webhooks; optional for DingTalk and Feishu; unknown to
    /// Slack and Teams.
    /// </summary>
    public string? Secret { get; set; }

    /// <summary>The kind that is named, in whichever case; null for anything that is none.</summary>
    internal ReportChannelKind? NamedKind => Enum.GetValues<ReportChannelKind>()
        .Where(kind => kind.ToString().Equals(Kind, StringComparison.OrdinalIgnoreCase))
        .Select(kind => (ReportChannelKind?)kind)
        .SingleOrDefault();
}
