using System.Text.Json.Nodes;

namespace EdsFunctions.Tests.Notifications;

/// <summary>The whole payload for each platform: what waits, for how long, since when, asked by whom, and what closes it.</summary>
public sealed class ChannelPayloadTests
{
    /// <summary>Of the verification in the expected payloads.</summary>
    private const string Id = "01a20d6d-5a00-7c35-92ea-5e7189cb00bb";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static MatrixTheoryData<string, string> KindsAndLanguages =>
        new(["Slack", "Teams", "DingTalk", "Feishu", "WeCom", "Webhook"], ["en", "zh-CN"]);

    [Theory]
    [MemberData(nameof(KindsAndLanguages))]
    public async Task A_report_of_one_verification(string kind, string language)
    {
        await using var channel = FakeChannel.Of(kind, "ops");
        var settings = FakeChannel.Settings(channel);
        settings["StaleReport:Language"] = language;
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync(new VerificationBuilder().By("alice", "office in Hangzhou"), Guid.Parse(Id));

        await app.RunReportAsync(TimeSpan.FromMinutes(34));

        // A webhook is for programs, in no language.
        var name = kind == "Webhook" ? "webhook" : $"{kind.ToLowerInvariant()}-{language}";
        var request = Assert.Single(channel.Requests);
        Assert.Equal(await ExpectedAsync(name), Normal(request.Body));
        Assert.Null(request.Header("traceparent"));
    }

    [Theory]
    [InlineData("Teams", 25 * 1024)]
    [InlineData("DingTalk", 20_000)]
    [InlineData("Feishu", 20_000)]
    [InlineData("WeCom", 4_096)]
    public async Task A_message_is_no_longer_than_the_platform_accepts_and_the_rest_follows(string kind, int limit)
    {
        await using var robot = FakeChannel.Of(kind, "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(robot));
        var waiting = new List<Verification>();
        for (var i = 0; i < 20; i++)
        {
            var longest = A.Verification.ForCen($"{A.FreshCen()}{new string('x', 40)}").By(new string('问', 500), new string('注', 500));
            waiting.Add(await app.RecordPendingAsync(longest));
        }

        await app.RunReportAsync(TimeSpan.FromHours(1));
        for (var i = 0; i < 10; i++)
        {
            await app.RunReportAsync();
        }

        Assert.InRange(Encoding.UTF8.GetByteCount(robot.Requests[0].Body), limit * 2 / 3, limit);
        Assert.All(robot.Requests.Skip(1), request => Assert.InRange(Encoding.UTF8.GetByteCount(request.Body), 1, limit));
        Assert.All(waiting, one => Assert.Single(
            robot.Requests, request => request.Body.Contains($"done {one.Ref}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task For_programs_what_is_given_up_and_the_end_of_it_have_the_same_shape()
    {
        await using var webhook = FakeChannel.Of("Webhook", "ticketing");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(webhook));
        await app.RecordPendingAsync(new VerificationBuilder().By("alice", "office in Hangzhou"), Guid.Parse(Id));

        await app.RunReportAsync(TimeSpan.FromMinutes(34));
        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal(
            [await ExpectedAsync("webhook"), await ExpectedAsync("webhook-expired"), await ExpectedAsync("webhook-all-clear")],
            webhook.Requests.Select(request => Normal(request.Body)));
    }

    private static async Task<string> ExpectedAsync(string name) => Normal(await File.ReadAllTextAsync(
        Repository.Path("tests", "EdsFunctions.Tests", "Notifications", "Payloads", $"{name}.json"), TestContext.Current.CancellationToken));

    private static string Normal(string json) => JsonNode.Parse(json)!.ToJsonString(Indented);
}
