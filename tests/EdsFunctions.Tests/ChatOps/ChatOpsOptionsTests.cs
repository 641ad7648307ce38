namespace EdsFunctions.Tests.ChatOps;

/// <summary>An invalid setting results in one line at start-up, which does not contain the value.</summary>
public sealed class ChatOpsOptionsTests
{
    private static readonly string Known =
        $"Language, DefaultRegion, Channels, {string.Join(", ", FakeChatPlatform.All.Keys)}";

    [Theory]
    [InlineData("ChatOps:Language", "de", "ChatOps:Language must be en or zh-CN.")]
    [InlineData("ChatOps:DefaultRegion", "Hang zhou", "ChatOps:DefaultRegion must be a region such as cn-hangzhou.")]
    [InlineData(
        "ChatOps:Channels:0:Id",
        "G8PSS9T3V",
        "ChatOps:Channels:0 must have an Id and a DefaultRegion such as cn-hangzhou.")]
    [InlineData("ChatOps:Teams:Secrets:0", "n0t-base64", "ChatOps:Teams:Secrets:0 is not base64.")]
    public Task Start_InvalidSetting_NamesTheSetting(string key, string value, string error) =>
        ShouldNotStartAsync(new() { [key] = value }, error);

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public Task Start_EmptySecret_NamesTheSetting(string platform)
    {
        var key = $"ChatOps:{platform}:Secrets:0";
        return ShouldNotStartAsync(new(FakeChatPlatform.All[platform].Settings) { [key] = "" }, $"{key} is empty.");
    }

    /// <summary>
    /// The configuration binder ignores a misspelled name, so that the platform would have no secret.
    /// </summary>
    [Theory]
    [InlineData("ChatOps:Slcak:Secrets:0", "ChatOps:Slcak")]
    [InlineData("ChatOps:Slcak:Channels:Slack", "ChatOps:Slcak")]
    [InlineData("ChatOps:DefaultRegoin", "ChatOps:DefaultRegoin")]
    [InlineData("ChatOps:0:Secrets:0", "ChatOps:0")]
    public Task Start_UnknownSetting_NamesItAndTheKnownOnes(string key, string unknown) => ShouldNotStartAsync(
        new() { [key] = "8f742231b10e8888abcd99yyyzzz85a5" },
        $"{unknown} is not a known setting: use one of {Known}.");

    [Fact]
    public async Task Start_SettingInOtherCase_IsKnown()
    {
        await using var app = await EdsApp.StartAsync(new()
        {
            ["chatops:slack:secrets:0"] = FakeChatPlatform.All["Slack"].Secret,
            ["CHATOPS:LANGUAGE"] = "zh-CN",
        });

        Assert.Equal(200, (await app.Api.GetAsync("health")).Status);
    }

    private static async Task ShouldNotStartAsync(Dictionary<string, string?> settings, string error)
    {
        var invalid = await Assert.ThrowsAsync<OptionsValidationException>(() => EdsApp.StartAsync(settings));

        Assert.Equal(error, Assert.Single(invalid.Failures));
    }
}
