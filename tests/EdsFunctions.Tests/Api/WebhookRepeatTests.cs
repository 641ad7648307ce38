using static EdsFunctions.Tests.Api.WebhookTests;

namespace EdsFunctions.Tests.Api;

/// <summary>A sender delivers the same webhook several times.</summary>
public class WebhookRepeatTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deliver_Twice_SendsOneCodeAndReturns200(bool standard)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var verification = A.Verification.By("cmdb", "a note");
        var json = verification.Json();
        Task<ApiResponse> DeliverAgainAsync() => DeliverAsync(app, standard ? Standard(app, json) : GitHub(json));

        var first = (await DeliverAgainAsync()).ShouldBe(201);
        app.Time.Advance(TimeSpan.FromMinutes(5));
        var again = (await DeliverAgainAsync()).ShouldBe(200);

        Assert.Equal($"/api/verifications/{first.Id}", first.Header("Location"));
        Assert.Equal((verification.CenId, "cmdb"), (first["cenId"], first["requestedBy"]));
        Assert.Equal((first.Id, "true"), (again.Id, again.Header("Idempotency-Replayed")));
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Deliver_OutcomeUnknown_Returns200SoThatTheSenderStops()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork));
        var json = A.Verification.Json();

        Assert.Equal("unknown", (await DeliverAsync(app, Standard(app, json))).ShouldBe(200)["state"]);
        Assert.Equal("unknown", (await DeliverAsync(app, Standard(app, json))).ShouldBe(200)["state"]);

        Assert.Single(app.Alibaba.Requests.Items);
    }

    [Theory]
    [InlineData(FaultKind.Throttle, "alibaba-throttled", 201)]
    [InlineData(FaultKind.Denied, "alibaba-refused", 503)]
    public async Task Deliver_NotSent_Returns503AndIsRetriedIfThrottled(FaultKind fault, string type, int repeat)
    {
        await using var app = await EdsApp.StartAsync(Settings);
        app.Alibaba.Faults.Add(new Fault(fault, RetryAfterMs: fault == FaultKind.Throttle ? 60_000 : null));
        var json = A.Verification.Json();

        var failed = await DeliverAsync(app, Standard(app, json));
        failed.ShouldBeProblem(503, type);
        Assert.Equal("60", failed.Header("Retry-After"));

        (await DeliverAsync(app, Standard(app, json))).ShouldBe(repeat);
        Assert.Equal(repeat == 201 ? 1 : 0, app.Alibaba.Outbox.Messages.Count);
        (await DeliverAsync(app, Standard(app, json))).ShouldBe(repeat == 201 ? 200 : 503);
        Assert.Equal(repeat == 201 ? 2 : 1, app.Alibaba.Requests.Items.Count);
    }

    [Fact]
    public async Task Deliver_SameId_IsARepeatOnlyIfTheSignatureCoversIt()
    {
        await using var app = await EdsApp.StartAsync(Settings);
        var json = A.Verification.Json();
        await app.Api.PostAsync("verifications", json, idempotencyKey: "msg_1");

        // A new delivery for the open verification sends nothing. A caller's key with the text of a delivery id is
        // another key.
        var open = (await DeliverAsync(app, Standard(app, json))).ShouldBe(200);
        Assert.Equal(("False", null), (open["sent"], open.Header("Idempotency-Replayed")));
        var repeat = (await DeliverAsync(app, Standard(app, json))).ShouldBe(200);
        Assert.Equal(("False", "true"), (repeat["sent"], repeat.Header("Idempotency-Replayed")));
        // Another sender may use the same ID for another delivery.
        (await DeliverAsync(app, Standard(app, A.Verification.Json(), "msg_2"))).ShouldBe(201);
        (await DeliverAsync(app, Standard(app, A.Verification.Json(), "msg_2"))).ShouldBe(201);
        // GitHub's signature does not cover the ID of a delivery.
        var other = A.Verification.Json();
        (await DeliverAsync(app, GitHub(other))).ShouldBe(201);
        (await DeliverAsync(app, GitHub(other).With(("X-GitHub-Delivery", "another")))).ShouldBe(200);
        Assert.Equal(4, app.Alibaba.Outbox.Messages.Count);
    }
}
