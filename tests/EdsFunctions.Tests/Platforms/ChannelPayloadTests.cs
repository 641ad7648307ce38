using System.Text.Json.Nodes;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Platforms;

/// <summary>Compares the complete payload for each platform with an expected one.</summary>
public sealed class ChannelPayloadTests
{
    /// <summary>The ID of the verification in the expected payloads.</summary>
    private const string Id = "01a20d6d-5a00-7c35-92ea-5e7189cb00bb";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static MatrixTheoryData<string, string> KindsAndLanguages =>
        new(FakeChannel.Kinds, ["en", "zh-CN"]);

    [Theory]
    [MemberData(nameof(KindsAndLanguages))]
    public async Task Report_OneVerification_HasTheExpectedPayload(string kind, string language)
    {
        await using var channel = FakeChannel.Create(kind, "ops");
        var settings = FakeChannel.Settings(channel);
        settings["StaleReport:Language"] = language;
        await using var app = await EdsApp.StartAsync(settings);
        await app.RecordPendingAsync(new VerificationBuilder().By("alice", "office in Hangzhou"), Guid.Parse(Id));

        await app.RunReportAsync(TimeSpan.FromMinutes(34));

        // The payload of a webhook has no language.
        var name = kind == "Webhook" ? "webhook" : $"{kind.ToLowerInvariant()}-{language}";
        var request = Assert.Single(channel.Requests);
        Assert.Equal(await ExpectedAsync(name), Normalize(request.Body));
        Assert.Null(request.Header("traceparent"));
    }

    [Theory]
    [InlineData("Teams", 25 * 1024)]
    [InlineData("DingTalk", 20_000)]
    [InlineData("Feishu", 20_000)]
    [InlineData("WeCom", 4_096)]
    public async Task Report_PayloadTooLong_ListsTheRestInTheNextReports(string kind, int limit)
    {
        await using var robot = FakeChannel.Create(kind, "robot");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(robot));
        var stale = new List<Verification>();
        for (var i = 0; i < 20; i++)
        {
            var longest = A.Verification
                .ForCen($"{A.FreshCen()}{new string('x', 40)}").By(new string('问', 500), new string('注', 500));
            stale.Add(await app.RecordPendingAsync(longest));
        }

        await app.RunReportAsync(TimeSpan.FromHours(1));
        for (var i = 0; i < 10; i++)
        {
            await app.RunReportAsync();
        }

        Assert.InRange(Encoding.UTF8.GetByteCount(robot.Requests[0].Body), limit * 2 / 3, limit);
        Assert.All(
            robot.Requests.Skip(1), request => Assert.InRange(Encoding.UTF8.GetByteCount(request.Body), 1, limit));
        Assert.All(stale, one => Assert.Single(
            robot.Requests, request => request.Body.Contains($"done {one.Ref}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Report_ToWebhook_HasTheSameShapeForEachNotice()
    {
        await using var webhook = FakeChannel.Create("Webhook", "ticketing");
        await using var app = await EdsApp.StartAsync(FakeChannel.Settings(webhook));
        await app.RecordPendingAsync(new VerificationBuilder().By("alice", "office in Hangzhou"), Guid.Parse(Id));

        await app.RunReportAsync(TimeSpan.FromMinutes(34));
        await app.RunReportAsync(TimeSpan.FromDays(7));

        Assert.Equal(
            [
                await ExpectedAsync("webhook"),
                await ExpectedAsync("webhook-expired"),
                await ExpectedAsync("webhook-all-clear"),
            ],
            webhook.Requests.Select(request => Normalize(request.Body)));
    }

    private static async Task<string> ExpectedAsync(string name) => Normalize(await File.ReadAllTextAsync(
        Repository.Path("tests", "EdsFunctions.Tests", "Platforms", "Payloads", $"{name}.json"),
        TestContext.Current.CancellationToken));

    private static string Normalize(string json) => JsonNode.Parse(json)!.ToJsonString(Indented);
}
