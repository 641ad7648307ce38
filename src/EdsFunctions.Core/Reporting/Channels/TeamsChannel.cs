using EdsFunctions.Core.Messages;

namespace EdsFunctions.Core.Reporting.Channels;

/// <summary>
/// A Workflows URL of Microsoft Teams
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook).
/// </summary>
internal sealed class TeamsChannel(Uri url) : IReportPlatform
{
    public ReportChannelKind Kind => ReportChannelKind.Teams;

    /// <summary>Teams takes 28 KB, and counts what it puts around it.</summary>
    public int MaxBytes => 25 * 1024;

    public byte[] Write(ReportNotice notice, DateTimeOffset now) => MessageJson.WriteBytes(TeamsFormat.Payload(notice.Message));

    public HttpRequestMessage Request(byte[] body, DateTimeOffset now) => JsonRequest.Post(url, body);

    /// <summary>What Teams itself refuses comes as a text behind a 200.</summary>
    public string? Refusal(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body).Contains("failed with error", StringComparison.OrdinalIgnoreCase)
            ? "it answered that the delivery failed"
            : null;
}
