namespace EdsFunctions.Tests.Pictures;

/// <summary>
/// Brings about what a team sees, and looks whether each of it has its picture in <c>tests/pictures</c>. The script there has the payloads
/// written to the folder <c>EDS_PICTURES</c>, and draws them.
/// </summary>
public sealed class PictureTests
{
    /// <summary>Slack's replies are all shown; those to the same commands elsewhere only where there is something to compare.</summary>
    private static readonly string[] ShownElsewhere = ["send", "pending", "mistake", "not-allowed"];

    [Fact]
    public async Task Each_reply_and_report_has_its_picture()
    {
        Payload[] payloads =
        [
            .. await ChatStory.TellAsync("Slack", "en"),
            .. Some(await ChatStory.TellAsync("Teams", "en")),
            .. Some(await ChatStory.TellAsync("DingTalk", "zh-CN")),
            .. await ReportStory.TellAsync(ReportChannelKind.Slack, "en"),
            .. await ReportStory.TellAsync(ReportChannelKind.Teams, "en"),
            .. await ReportStory.TellAsync(ReportChannelKind.DingTalk, "zh-CN"),
            .. await ReportStory.TellAsync(ReportChannelKind.Feishu, "zh-CN"),
        ];
        if (Environment.GetEnvironmentVariable("EDS_PICTURES") is { Length: > 0 } folder)
        {
            foreach (var payload in payloads)
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder, $"{payload.Name}.json"), payload.Json, TestContext.Current.CancellationToken);
            }

            return;
        }

        Assert.Equal(
            payloads.Select(payload => $"{payload.Name}.png").Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Repository.Path("tests", "pictures"), "*.png").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static IEnumerable<Payload> Some(IEnumerable<Payload> replies) =>
        replies.Where(reply => ShownElsewhere.Any(name => reply.Name.Contains($"-{name}", StringComparison.Ordinal)));
}
