using EdsFunctions.Tests.Notifications;
using Microsoft.AspNetCore.WebUtilities;

namespace EdsFunctions.Tests.Platforms.DingTalk;

public sealed class DingTalkChannelTests
{
    public static TheoryData<string, string, string> Vectors => SignatureVectors.Load("dingtalk");

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_PublishedVector_Matches(string secret, string timestamp, string sign) =>
        Assert.Equal(sign, DingTalkChannel.Sign(new Secret(secret), timestamp));

    [Theory]
    [InlineData(
        "https://oapi.dingtalk.com/robot/send?access_token=x1",
        "https://oapi.dingtalk.com/robot/send?access_token=x1&")]
    [InlineData("https://robots.example/send", "https://robots.example/send?")]
    public void CreateRequest_WithSecret_AddsTheEscapedSignatureToTheUrl(string url, string before)
    {
        var channel = new ReportChannelOptions { Url = url, Secret = "this is secret" };
        var now = DateTimeOffset.FromUnixTimeMilliseconds(1577262236757);

        using var request = new DingTalkChannel().CreateRequest(channel, [], now);

        Assert.Equal(
            $"{before}timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D",
            request.RequestUri?.AbsoluteUri);
    }

    /// <summary>The configured secret ends with a line feed, which the app ignores.</summary>
    [Fact]
    public async Task Report_WithSecret_SendsTimeAndSignatureInTheUrl()
    {
        await using var robot = FakeChannel.Create("DingTalk", "robot");
        await using var app = await EdsApp.StartAsync(
            new(FakeChannel.Settings(robot)) { ["StaleReport:Channels:robot:Secret"] = "SEC1234567890abcdef\n" });
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var line = Assert.Single(robot.Requests).Line;
        Assert.StartsWith(
            "POST /services/T0/B0/SecretInThePath?access_token=SecretInTheQuery&timestamp=1795525200000&sign=",
            line,
            StringComparison.Ordinal);
        Assert.Equal(
            DingTalkChannel.Sign(new Secret("SEC1234567890abcdef"), "1795525200000"),
            QueryHelpers.ParseQuery(line.Split(' ')[1].Split('?')[1])["sign"]);
    }
}
