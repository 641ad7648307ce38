namespace EdsFunctions.Core.Notifications;

/// <summary>The settings of a report channel, in <c>StaleReport:Channels:{name}</c>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>The kind of the channel, such as <c>Slack</c>: see [Channels](reports.md#channels). Required.</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// The HTTPS URL that the app posts notices to. Required. The URL is a secret, because anyone who has it can post
    /// to the channel. In Development, an HTTP URL on loopback is valid too.
    /// </summary>
    public string? Url { get; set => field = value?.Trim(); }

    /// <summary>
    /// The secret with which the app signs its requests to the channel. The kind of the channel requires the secret,
    /// allows it, or does not support it: see [Channels](reports.md#channels). Default: none.
    /// </summary>
    public string? Secret { get; set => field = value?.Trim(); }
}
