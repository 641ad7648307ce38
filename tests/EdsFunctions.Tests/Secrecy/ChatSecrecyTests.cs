using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Secrecy;

/// <summary>The flows of the chats: what signs them, whose account it is about, and a code that someone typed in the wrong place.</summary>
[Collection(WatchedApp.OneAtATime)]
public sealed class ChatSecrecyTests
{
    private const string Code = "739182";

    private static readonly long Owner = WatchedApp.Owners[0];

    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    [InlineData("DingTalk")]
    public async Task Commands_good_and_bad(string name)
    {
        var platform = ChatPlatform.All[name];
        await using var app = await WatchedApp.StartAsync(new()
        {
            [$"ChatOps:{name}:Secrets:0"] = platform.Secret,
            [$"ChatOps:{name}:AllowedUsers:0"] = ChatPlatform.Alice,
            ["ChatOps:DefaultRegion"] = "cn-hangzhou",
        });
        app.Confide("secret of the platform", platform.Secret);
        app.Confide("URL of the platform's", "96rGlfmibIGlgcZRskXaIFfN");
        app.ConfideNumber("code in the wrong place", Code);
        var deliveries = 0;
        async Task<string> SayAsync(string text, string user = ChatPlatform.Alice) => ChatRoom.ReadText(await app.Api.DeliverAsync(
            platform.Deliver(text, $"1.{++deliveries}", app.Now, user), platform.Route));

        Assert.Contains("on its way", await SayAsync($"send {A.FreshCen()} {Owner}"), StringComparison.Ordinal);
        foreach (var text in new[]
                 {
                     "pending", "help", $"{Code}", $"done {Code}", $"show {Code}", $"check {Code} {Owner}", $"{Owner}", $"{Owner}x", $"show {Owner}",
                     $"cancel {Owner}", $"send {Owner}", $"send {Code}x {Owner}", $"send cen-x {Code}", $"send cen-x {Owner} {Owner}1", $"send cen-x x{Owner}",
                     $"send https://example.com/{Owner}?code={Code}", $"pending {Owner}", $"sned cen-x {Owner}",
                 })
        {
            await SayAsync(text);
        }

        await SayAsync($"send {A.FreshCen()} {Owner}", user: "U0MALLORY");
        foreach (var kind in new[] { FaultKind.Denied, FaultKind.Malformed, FaultKind.CloseAfterWork, FaultKind.Throttle })
        {
            app.Alibaba.Faults.Add(new Fault(kind, RetryAfterMs: 3_600_000));
            await SayAsync($"send {A.FreshCen()} {Owner}");
        }

        var forged = platform.Sign(platform.Deliver($"send cen-x {Owner}", "2.1", app.Now), platform.OtherSecret, app.Now);
        (await app.Api.DeliverAsync(forged, platform.Route)).ShouldBe(401);
        (await app.Api.DeliverAsync(platform.Sign(forged.WithText($"{Owner}"), platform.Secret, app.Now), platform.Route)).ShouldBe(400);

        app.ShouldHaveShownNothing();
    }
}
