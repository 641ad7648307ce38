namespace EdsFunctions.Tests.ChatOps;

/// <summary>Valid, repeated, unsigned and malformed deliveries of every platform.</summary>
public sealed class DeliveryTests
{
    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Send_DeliveredTwice_SendsOneCode(string name)
    {
        await using var session = await ChatSession.OpenAsync(name);
        var cen = A.FreshCen();
        var request = session.Typed($"send {cen} 1234567890123456");

        var reply = ChatSession.ReadText(await session.DeliverAsync(request));
        session.App.Time.Advance(TimeSpan.FromMinutes(3));
        var again = ChatSession.ReadText(await session.DeliverAsync(request));

        var sent = Assert.Single(await session.App.RecordsAsync());
        Assert.All([cen, "alice", sent.Ref], text => Assert.Contains(text, reply, StringComparison.Ordinal));
        Assert.DoesNotContain("1234567890123456", reply, StringComparison.Ordinal);
        Assert.Contains("already run", again, StringComparison.Ordinal);
        Assert.Equal(("alice", 1), (sent.RequestedBy, sent.SendCount));
        Assert.Single(session.App.Alibaba.Outbox.Messages);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Delivery_SignedWithTheSecondSecret_IsAccepted(string name)
    {
        var platform = FakeChatPlatform.All[name];
        await using var session = await ChatSession.OpenAsync(
            name, new() { [$"ChatOps:{name}:Secrets:1"] = platform.OtherSecret });

        var pending = platform.Sign(session.Typed("pending"), platform.OtherSecret, session.App.Time.GetUtcNow());

        Assert.Contains(
            "No open verifications",
            ChatSession.ReadText(await session.DeliverAsync(pending)),
            StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Delivery_InvalidSignature_Returns401(string name)
    {
        await using var session = await ChatSession.OpenAsync(name);
        var request = Send(session);
        var unsigned = request with { Headers = new Dictionary<string, string>() };
        var forged = session.Platform.Sign(request, session.Platform.OtherSecret, session.App.Time.GetUtcNow());
        await ShouldBeRefusedAsync(session, unsigned, "MissingSignature");
        await ShouldBeRefusedAsync(session, forged, "Mismatch");
        if (session.Platform.SignsBody)
        {
            await ShouldBeRefusedAsync(session, request.WithText(request.Text[..^1]), "Mismatch");
            await ShouldBeRefusedAsync(session, request.WithText(request.Text + " "), "Mismatch");
            await ShouldBeRefusedAsync(
                session, request with { Body = Encoding.Unicode.GetBytes(request.Text) }, "Mismatch");
        }

        // If the signature of a platform has no time, the signed body has one, so the delivery is too old in any case.
        session.App.Time.Advance((session.Platform.MaxAge ?? TimeSpan.FromHours(24)) + TimeSpan.FromSeconds(1));
        await ShouldBeRefusedAsync(session, request, "Expired");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Delivery_NoSecretConfigured_Returns401(string platform)
    {
        await using var app = await EdsApp.StartAsync();
        var session = new ChatSession(app, FakeChatPlatform.All[platform]);

        await ShouldBeRefusedAsync(session, Send(session), "NotConfigured");
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.InlineNames), MemberType = typeof(FakeChatPlatform))]
    public async Task Done_DeliveredTwice_ClosesNothingElse(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        await session.SendAsync($"send {A.FreshCen()}");
        var first = Assert.Single(await session.App.RecordsAsync());
        var request = session.Typed($"done {first.Ref[..1]}");
        ChatSession.ReadText(await session.DeliverAsync(request));
        // The reference in the command now also matches this verification.
        var second = await session.RecordPendingAsync($"{first.Ref[..1]}0000000");

        var again = ChatSession.ReadText(await session.DeliverAsync(request));

        Assert.Contains("already run", again, StringComparison.Ordinal);
        Assert.True((await session.App.Store.GetAsync(second.Id, TestContext.Current.CancellationToken))!.IsOpen);
    }

    [Theory]
    [MemberData(nameof(FakeChatPlatform.Names), MemberType = typeof(FakeChatPlatform))]
    public async Task Delivery_SignedButMalformed_Returns400(string platform)
    {
        await using var session = await ChatSession.OpenAsync(platform);
        foreach (var body in session.Platform.MalformedBodies)
        {
            (await session.DeliverAsync(session.Sign(Send(session).WithText(body))))
                .ShouldBeProblem(400, "invalid-request", "body");
        }

        Assert.Empty(await session.App.RecordsAsync());
    }

    private static ChatRequest Send(ChatSession session) => session.Typed($"send {A.FreshCen()}");

    private static async Task ShouldBeRefusedAsync(ChatSession session, ChatRequest request, string check)
    {
        (await session.DeliverAsync(request)).ShouldBeProblem(401, "signature-invalid");
        var logged = session.App.Log.Entries.Last(entry => entry.EventId == 400).Text;
        Assert.Contains(check, logged, StringComparison.Ordinal);
        Assert.Empty(await session.App.RecordsAsync());
        Assert.Empty(session.App.Alibaba.Outbox.Messages);
    }
}
