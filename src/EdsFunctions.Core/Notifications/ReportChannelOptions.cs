namespace EdsFunctions.Core.Notifications;

/// <summary>One channel of <see cref="StaleReportOptions.Channels"/>.</summary>
public sealed class ReportChannelOptions
{
    /// <summary>The name of a <see cref="ChannelKind"/>, in any case.</summary>
    public string? Kind { get; set; }

    /// <summary>Anyone who knows the address can post there, so it is a secret.</summary>
    public string? Url { get; set => field = value?.Trim(); }

    /// <summary>The secret that requests are signed with, where the kind signs.</summary>
    public string? Secret { get; set => field = value?.Trim(); }
}
