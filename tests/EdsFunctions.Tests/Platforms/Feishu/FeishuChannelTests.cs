using EdsFunctions.Tests.Notifications;

namespace EdsFunctions.Tests.Platforms.Feishu;

public sealed class FeishuChannelTests
{
    public static TheoryData<string, string, string> Vectors => SignatureVectors.Load("feishu");

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Sign_PublishedVector_Matches(string secret, string timestamp, string sign) =>
        Assert.Equal(sign, FeishuChannel.Sign(new Secret(secret), timestamp));

    /// <summary>The configured secret ends with a line feed, which the app ignores.</summary>
    [Fact]
    public async Task Report_WithSecret_SendsTimeAndSignatureInTheBody()
    {
        await using var robot = FakeChannel.Create("Feishu", "robot");
        await using var app = await EdsApp.StartAsync(
            new(FakeChannel.Settings(robot)) { ["StaleReport:Channels:robot:Secret"] = "SecretOfTheRobot\n" });
        await app.RecordPendingAsync();

        await app.RunReportAsync(TimeSpan.FromHours(1));

        var body = Assert.Single(robot.Bodies);
        Assert.Equal("1795525200", body["timestamp"]?.GetValue<string>());
        Assert.Equal(
            FeishuChannel.Sign(new Secret("SecretOfTheRobot"), "1795525200"), body["sign"]?.GetValue<string>());
    }
}
