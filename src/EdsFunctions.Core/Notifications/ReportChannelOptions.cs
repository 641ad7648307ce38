namespace EdsFunctions.Core.Notifications;

/// <summary>A channel in <c>StaleReport:Channels:{name}</c>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>The kind of the channel, see [Channels](reports.md#channels). Required.</summary>
    public string? Kind { get; set; }

    /// <summary>
    /// The HTTPS URL that notices are posted to. Required. The URL is a secret: anyone who has it can post to the
    /// channel. In Development, it may be HTTP on loopback.
    /// </summary>
    public string? Url { get; set => field = value?.Trim(); }

    /// <summary>
    /// The secret that requests are signed with. Depending on the kind it is required, optional or not supported, see
    /// [Channels](reports.md#channels). Default: none.
    /// </summary>
    public string? Secret { get; set => field = value?.Trim(); }
}
