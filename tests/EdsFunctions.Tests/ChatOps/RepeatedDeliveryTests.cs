namespace EdsFunctions.Tests.ChatOps;

/// <summary>A platform delivers a command again: it never gets a success that the first delivery did not have.</summary>
public class RepeatedDeliveryTests
{
    [Theory]
    [InlineData("Slack")]
    [InlineData("Teams")]
    public async Task Send_ThrottledAndDeliveredAgain_IsTriedAgainUntilItIsSent(string platform)
    {
        await using var room = await ChatSession.OpenAsync(platform);
        room.App.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 60_000));
        var command = room.Typed($"send {A.FreshCen()}");

        Assert.Contains("no code was sent", await DeliverAsync(room, command), StringComparison.Ordinal);
        Assert.Contains("A code is on its way", await DeliverAsync(room, command), StringComparison.Ordinal);
        Assert.Contains("carried out before", await DeliverAsync(room, command), StringComparison.Ordinal);

        Assert.Single(room.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData(FaultKind.Denied, "not sent")]
    [InlineData(FaultKind.CloseAfterWork, "may have been sent")]
    public async Task Send_RefusedOrUnknownAndDeliveredAgain_ShowsTheRecordAndSendsNothing(FaultKind fault, string state)
    {
        await using var room = await ChatSession.OpenAsync("Slack");
        room.App.Alibaba.Faults.Add(new Fault(fault));
        var command = room.Typed($"send {A.FreshCen()}");
        await room.DeliverAsync(command);

        var again = await DeliverAsync(room, command);

        Assert.Contains("carried out before", again, StringComparison.Ordinal);
        Assert.Contains(state, again, StringComparison.Ordinal);
        Assert.Single(room.App.Alibaba.Requests.Items);
    }

    private static async Task<string> DeliverAsync(ChatSession room, ChatRequest command) =>
        ChatSession.ReadText(await room.DeliverAsync(command));
}
