using System.Text.Json.Nodes;
using EdsFunctions.Tests.ChatOps;
using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Pictures;

/// <summary>
/// Produces the payload of every reply and report that has a picture in <c>tests/pictures</c>. The script in that
/// folder sets <c>EDS_PICTURES</c> to a folder for the payloads, and draws the pictures from them.
/// </summary>
public sealed class PictureTests
{
    /// <summary>
    /// The replies with a picture for other platforms than Slack. For Slack, every reply has a picture.
    /// </summary>
    private static readonly string[] ShownElsewhere = ["send", "pending", "invalid", "not-allowed"];

    private readonly Dictionary<string, string> payloads = [];

    [Fact]
    public async Task Pictures_OfEachReplyAndReport_Exist()
    {
        await ChatAsync("Slack", "en");
        await ChatAsync("Teams", "en");
        await ChatAsync("DingTalk", "zh-CN");
        await ReportAsync("Slack", "en");
        await ReportAsync("Teams", "en");
        await ReportAsync("DingTalk", "zh-CN");
        await ReportAsync("Feishu", "zh-CN");
        await ConversationAsync();

        if (Environment.GetEnvironmentVariable("EDS_PICTURES") is { Length: > 0 } folder)
        {
            foreach (var (name, json) in payloads)
            {
                await File.WriteAllTextAsync(
                    Path.Combine(folder, $"{name}.json"), json, TestContext.Current.CancellationToken);
            }

            return;
        }

        Assert.Equal(
            payloads.Keys.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(Repository.Path("tests", "pictures"), "*.png")
                .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
    }

    private async Task ChatAsync(string platform, string language)
    {
        await using var session = await ChatSession.OpenAsync(platform, new() { ["ChatOps:Language"] = language });
        async Task TypeAsync(string name, string text, string user = FakeChatPlatform.Alice)
        {
            var reply = (await session.DeliverAsync(session.Typed(text, user: user))).ShouldBe(200).Text;
            if (platform == "Slack" || ShownElsewhere.Contains(name))
            {
                Add(platform, name, language, reply);
            }
        }

        await TypeAsync("help", "help");
        await TypeAsync("send", "send cen-3weq30r6t0s7t4abcd 1234567890123456");
        session.App.Time.Advance(TimeSpan.FromSeconds(20));
        await TypeAsync("too-soon", "send cen-3weq30r6t0s7t4abcd 1234567890123456");
        session.App.Time.Advance(TimeSpan.FromMinutes(13));
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        await TypeAsync("unknown", "send cen-8kd02mfzq1x5p7wxyz 6543210987654321 cn-shanghai");
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        await TypeAsync("refused", "send cen-5tg91hbvn6c2r4efgh");
        session.App.Time.Advance(TimeSpan.FromMinutes(21));
        await TypeAsync("pending", "pending");
        await TypeAsync("not-allowed", "send cen-5tg91hbvn6c2r4efgh", user: "U7BOB42QX");
        await TypeAsync("invalid", "send 1234567890123456 cn-hangzhou please");
        await TypeAsync("done", $"done {(await session.App.RecordsAsync())[0].Ref[..4]}");
    }

    private async Task ReportAsync(string kind, string language)
    {
        await using var channel = FakeChannel.Create(kind, "team");
        var settings = FakeChannel.Settings(channel);
        settings["StaleReport:Language"] = language;
        await using var app = await EdsApp.StartAsync(settings);

        await app.Api.SendAsync(A.Verification.ForCen("cen-3weq30r6t0s7t4abcd").By("alice", "office in Hangzhou"));
        app.Time.Advance(TimeSpan.FromMinutes(97));
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        await app.Api.SendAsync(
            A.Verification
                .ForCen("cen-8kd02mfzq1x5p7wxyz").InRegion("cn-shanghai").OwnedBy(6543210987654321).By("bob"));
        app.Time.Advance(TimeSpan.FromMinutes(34));
        await app.RunReportAsync();
        app.Time.Advance(TimeSpan.FromDays(7));
        await app.RunReportAsync();

        string[] names = ["report", "expired", "all-clear"];
        Assert.Equal(names.Length, channel.Requests.Count);
        foreach (var (request, name) in channel.Requests.Zip(names))
        {
            Add(kind, name, language, request.Body);
        }
    }

    /// <summary>
    /// Produces the picture in README.md: a conversation in Slack, from the request of a code to the close of the
    /// verification.
    /// </summary>
    private async Task ConversationAsync()
    {
        await using var channel = FakeChannel.Create("Slack", "team");
        await using var session = await ChatSession.OpenAsync("Slack", FakeChannel.Settings(channel));
        var conversation = new JsonArray();
        async Task TypeAsync(string text)
        {
            conversation.Add(new JsonObject { ["user"] = "alice", ["text"] = $"/eds {text}" });
            conversation.Add(JsonNode.Parse((await session.DeliverAsync(session.Typed(text))).ShouldBe(200).Text));
        }

        await TypeAsync("send cen-3weq30r6t0s7t4abcd 1234567890123456");
        session.App.Time.Advance(TimeSpan.FromMinutes(34));
        await session.App.RunReportAsync();
        conversation.Add(JsonNode.Parse(Assert.Single(channel.Requests).Body));
        await TypeAsync($"done {(await session.App.RecordsAsync())[0].Ref[..4]}");

        payloads.Add("slack-conversation", new JsonObject { ["conversation"] = conversation }.ToJsonString());
    }

    private void Add(string platform, string name, string language, string json) =>
        payloads.Add($"{platform.ToLowerInvariant()}-{name}{(language == "en" ? "" : "-zh")}", json);
}
