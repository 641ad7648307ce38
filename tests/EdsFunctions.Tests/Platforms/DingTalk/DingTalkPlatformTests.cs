using EdsFunctions.Tests.ChatOps;

namespace EdsFunctions.Tests.Platforms.DingTalk;

public sealed class DingTalkPlatformTests
{
    /// <summary>The body is not signed, so a captured delivery can be changed.</summary>
    [Fact]
    public async Task Send_DeliveryIdReusedForAnotherCommand_SendsNothing()
    {
        await using var session = await ChatSession.OpenAsync("DingTalk");
        var request = session.Typed($"send {A.FreshCen()}");
        await session.DeliverAsync(request);

        var other = request.WithText(request.Text.Replace("cen-", "cen-x", StringComparison.Ordinal));
        var reply = ChatSession.ReadText(await session.DeliverAsync(other));

        Assert.Contains("delivered before with another command", reply, StringComparison.Ordinal);
        Assert.Single(session.App.Alibaba.Outbox.Messages);
        Assert.Single(await session.App.RecordsAsync());
    }
}
