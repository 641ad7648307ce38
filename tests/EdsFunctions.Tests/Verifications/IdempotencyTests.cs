using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

public class IdempotencyTests
{
    public static TheoryData<string> TooLongKey => [new string('k', 256)];

    [Fact]
    public async Task Repeat_AfterTheVerificationWasCompleted_ReturnsTheFirstResponse()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification.By("alice");
        var first = await app.Api.SendAsync(verification, "key-1");
        await app.Api.CompleteAsync(first.Id);
        app.Time.Advance(TimeSpan.FromHours(47));

        var repeat = await app.Api.SendAsync(verification, "key-1");

        Assert.Equal((first.Status, first.Text), (repeat.Status, repeat.Text));
        Assert.Equal(first.Header("Location"), repeat.Header("Location"));
        Assert.Equal((null, "true"), (first.Header("Idempotency-Replayed"), repeat.Header("Idempotency-Replayed")));
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Repeat_OfARefusedSend_ReturnsTheSameFailure()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied));
        var first = await app.Api.SendAsync(verification, "key-1");

        var repeat = await app.Api.SendAsync(verification, "key-1");

        first.ShouldBeProblem(502, "alibaba-refused");
        Assert.Equal((first.Status, first.Text), (repeat.Status, repeat.Text));
        Assert.Single(app.Alibaba.Requests.Items);
    }

    [Theory]
    [InlineData("alice", "another note")]
    [InlineData("alicea note", null)]
    public async Task Send_KeyOfAnotherRequest_Returns422(string by, string? note)
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification.By("alice", "a note"), "key-1");

        var other = await app.Api.SendAsync(verification.By(by, note), "key-1");

        other.ShouldBeProblem(422, "idempotency-key-reused");
        Assert.Single(app.Alibaba.Outbox.Messages);
        Assert.Single(await app.RecordsAsync());
    }

    [Fact]
    public async Task Repeat_InAlibabasForm_IsReplayed()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        await app.Api.SendAsync(verification, "key-1");

        var repeat = await app.Api.PostAsync(
            "verifications",
            $$"""
            {
              "RegionId": "cn-hangzhou", "VerifyCodeAction": "eds_cenID_securityverification",
              "ExtraInfo": { "cenOwnerId": 1234567890123456, "cenId": "{{verification.CenId}}" }
            }
            """,
            idempotencyKey: "key-1");

        Assert.Equal("true", repeat.ShouldBe(201).Header("Idempotency-Replayed"));
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData(0, false, 409, "verification-in-progress")]
    [InlineData(2, false, 504, "outcome-unknown")]
    [InlineData(2, true, 504, "outcome-unknown")]
    public async Task Repeat_OutcomeNotRecorded_Returns409UntilTheSendTimesOutThen504(
        int minutes, bool afterTimer, int status, string type)
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification.Record(app.Time.GetUtcNow());
        await RecordAsync(app, verification, "key-1");
        app.Time.Advance(TimeSpan.FromMinutes(minutes));
        if (afterTimer)
        {
            await app.RunReportAsync();
        }

        var repeat = await app.Api.SendAsync(A.Verification.ForCen(verification.Target.CenId!), "key-1");

        repeat.ShouldBeProblem(status, type);
        Assert.Equal(status == 504 ? "true" : null, repeat.Header("Idempotency-Replayed"));
        Assert.Empty(app.Alibaba.Requests.Items);
    }

    [Fact]
    public async Task Repeat_AfterAResendOfAnotherRequest_Returns504()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification.Record(app.Time.GetUtcNow());
        var request = A.Verification.ForCen(verification.Target.CenId!);
        await RecordAsync(app, verification, "key-1");
        app.Time.Advance(TimeSpan.FromMinutes(3));
        (await app.Api.PostAsync($"verifications/{verification.Id}/resend", null, idempotencyKey: "key-2"))
            .ShouldBe(200);

        var repeat = await app.Api.SendAsync(request, "key-1");

        repeat.ShouldBeProblem(504, "outcome-unknown");
        Assert.Equal(verification.Id, repeat.Id);
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Fact]
    public async Task Send_KeyOfARequestWithinTheCooldown_CanBeUsedAgain()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var first = await app.Api.SendAsync(verification);
        await app.Api.CancelAsync(first.Id);
        (await app.Api.SendAsync(verification, "key-1")).ShouldBeProblem(429, "verification-cooldown");
        app.Time.Advance(TimeSpan.FromMinutes(1));

        var later = await app.Api.SendAsync(verification, "key-1");

        Assert.Null(later.ShouldBe(201).Header("Idempotency-Replayed"));
        Assert.Equal(2, app.Alibaba.Outbox.Messages.Count);
    }

    [Fact]
    public async Task Repeat_OfARequestForAnOpenVerification_SendsNothingAfterItIsClosed()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;
        var first = await app.Api.SendAsync(verification);
        (await app.Api.SendAsync(verification, "key-1")).ShouldBe(200);
        await app.Api.CancelAsync(first.Id);
        app.Time.Advance(TimeSpan.FromHours(1));

        var repeat = await app.Api.SendAsync(verification, "key-1");

        Assert.Equal((first.Id, "False", "cancelled"), (repeat.ShouldBe(200).Id, repeat["sent"], repeat["state"]));
        Assert.Equal("true", repeat.Header("Idempotency-Replayed"));
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData("complete")]
    [InlineData("cancel")]
    public async Task Repeat_OfAClosing_IsReplayed(string closing)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await app.Api.SendAsync(A.Verification);
        Task<ApiResponse> CloseAsync(string by) =>
            app.Api.PostAsync($"verifications/{sent.Id}/{closing}", $$"""{"by":"{{by}}"}""", idempotencyKey: "key-1");
        var closed = (await CloseAsync("bob")).ShouldBe(200);

        var repeat = await CloseAsync("bob");

        Assert.Equal((closed.Text, "true"), (repeat.ShouldBe(200).Text, repeat.Header("Idempotency-Replayed")));
        (await CloseAsync("alice")).ShouldBeProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Repeat_OfAFailedAttachmentAfterCancellation_Returns409()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await app.Api.SendAsync(A.Verification);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Throttle, "AttachCen", RetryAfterMs: 60_000));
        Task<ApiResponse> AttachAsync() => app.Api.PostAsync(
            $"verifications/{sent.Id}/attach",
            """{"officeSiteId":"cn-hangzhou+dir-2051660961","verifyCode":"1"}""",
            idempotencyKey: "key-1");
        (await AttachAsync()).ShouldBeProblem(503, "alibaba-throttled");
        (await app.Api.CancelAsync(sent.Id)).ShouldBe(200);

        (await AttachAsync()).ShouldBeProblem(409, "verification-closed");
    }

    [Fact]
    public async Task Send_SameKeyOfAnotherCaller_SendsACode()
    {
        await using var app = await EdsApp.StartAsync();
        var alice = new ApiClient(app.Api.BaseUrl, "function-key-of-alice");
        var bob = new ApiClient(app.Api.BaseUrl, "function-key-of-bob");

        var first = (await alice.SendAsync(A.Verification, "1")).ShouldBe(201);

        Assert.NotEqual(first.Id, (await bob.SendAsync(A.Verification, "1")).ShouldBe(201).Id);
    }

    /// <summary>Some senders can set a URL, but no header: prometheus/alertmanager#4248.</summary>
    [Fact]
    public async Task Repeat_KeyInTheQuery_IsThatOfTheHeader()
    {
        await using var app = await EdsApp.StartAsync();
        var verification = A.Verification;

        var first = (await SendAsync(app, verification, "?idempotencyKey=key-1")).ShouldBe(201);
        (await app.Api.CancelAsync(first.Id)).ShouldBe(200);
        app.Time.Advance(TimeSpan.FromHours(1));

        ApiResponse[] repeats =
        [
            await SendAsync(app, verification, "?idempotencyKey=key-1"),
            await SendAsync(app, verification, "?IdempotencyKey=key%2D1"),
            await SendAsync(app, verification, "?idempotencyKey=key-1", "key-1"),
            await app.Api.SendAsync(verification, "key-1"),
        ];
        Assert.All(repeats, repeat => Assert.Equal(
            (201, first.Id, "true"), (repeat.Status, repeat.Id, repeat.Header("Idempotency-Replayed"))));
        (await SendAsync(app, A.Verification, "?idempotencyKey=key-1"))
            .ShouldBeProblem(422, "idempotency-key-reused");
        Assert.Single(app.Alibaba.Outbox.Messages);
    }

    [Theory]
    [InlineData("?idempotencyKey=")]
    [InlineData("?idempotencyKey")]
    [InlineData("?idempotencyKey=a%20b")]
    [InlineData("?idempotencyKey=a+b")]
    [InlineData("?idempotencyKey=%C3%A9")]
    [InlineData("?idempotencyKey=a&idempotencyKey=a")]
    [InlineData("?idempotencyKey=a", "b")]
    [InlineData("?idempotencyKey=a", "A")]
    public async Task Send_InvalidKeyInTheQuery_Returns400(string query, string? header = null)
    {
        await using var app = await EdsApp.StartAsync();

        (await SendAsync(app, A.Verification, query, header))
            .ShouldBeProblem(400, "invalid-request", "idempotencyKey");
        Assert.Empty(await app.RecordsAsync());
    }

    private static Task<ApiResponse> SendAsync(
        EdsApp app, VerificationBuilder verification, string query, string? header = null) =>
        app.Api.PostAsync($"verifications{query}", verification.Json(), idempotencyKey: header);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [MemberData(nameof(TooLongKey))]
    public async Task Send_InvalidKey_Returns400(string key)
    {
        await using var app = await EdsApp.StartAsync();

        (await app.Api.SendAsync(A.Verification, key)).ShouldBeProblem(400, "invalid-request", "Idempotency-Key");
    }

    [Fact]
    public async Task Send_LongestKey_SendsACode()
    {
        await using var app = await EdsApp.StartAsync();

        (await app.Api.SendAsync(A.Verification, new string('k', 255))).ShouldBe(201);
    }

    /// <summary>Writes the records that a process leaves if it crashes before Alibaba responds.</summary>
    private static async Task RecordAsync(EdsApp app, Verification verification, string key)
    {
        var entry = IdempotencyEntry.Create(verification.Request().HttpKey(key), verification);
        Assert.IsType<WriteResult.Written>(await app.Store.WriteAsync(verification, entry));
    }
}
