namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>What one run has said to one channel.</summary>
/// <param name="Channel">The name of the channel.</param>
/// <param name="Delivered">Whether it took all that it was to be told.</param>
/// <param name="Reported">What it was told of as waiting, and took.</param>
/// <param name="GivenUp">What it was told of as given up, and took.</param>
internal sealed record ChannelReport(
    string Channel, bool Delivered, IReadOnlyList<StaleItem> Reported, IReadOnlyList<StaleItem> GivenUp);
