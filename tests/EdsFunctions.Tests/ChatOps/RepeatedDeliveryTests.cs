namespace EdsFunctions.Tests.ChatOps;

/// <summary>A repeated delivery never reports a success that the first delivery did not have.</summary>
public class RepeatedDeliveryTests
{
    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Send_ThrottledAndDeliveredAgain_IsRetriedUntilSent(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        session.App.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, RetryAfterMs: 60_000));
        var command = session.Typed($"send {A.FreshCen()}");

        Assert.Contains("no code was sent", await DeliverAsync(session, command), StringComparison.Ordinal);
        Assert.Contains("A code was sent", await DeliverAsync(session, command), StringComparison.Ordinal);
        Assert.Contains("already run", await DeliverAsync(session, command), StringComparison.Ordinal);

        Assert.Single(session.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData(FaultKind.Denied, "not sent")]
    [InlineData(FaultKind.CloseAfterWork, "may have been sent")]
    public async Task Send_RejectedOrUnknownAndDeliveredAgain_ShowsTheRecordAndSendsNothing(
        FaultKind fault, string state)
    {
        await using var session = await ChatSession.OpenAsync("Slack");
        session.App.Alibaba.Faults.Add(new Fault(fault));
        var command = session.Typed($"send {A.FreshCen()}");
        await session.DeliverAsync(command);

        var again = await DeliverAsync(session, command);

        Assert.Contains("already run", again, StringComparison.Ordinal);
        Assert.Contains(state, again, StringComparison.Ordinal);
        Assert.Single(session.App.Alibaba.Requests.Items);
    }

    private static async Task<string> DeliverAsync(ChatSession session, ChatRequest command) =>
        ChatSession.ReadText(await session.DeliverAsync(command));
}
