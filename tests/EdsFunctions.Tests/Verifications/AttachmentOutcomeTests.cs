using EdsFunctions.Tests.Alibaba;
using EdsFunctions.Tests.Notifications;
using EdsFunctions.Tests.Verifications.Storage;

namespace EdsFunctions.Tests.Verifications;

/// <summary>
/// Attachments whose outcome is unknown, attachments that Alibaba accepted but does not list yet, and the limit of
/// checks.
/// </summary>
public class AttachmentOutcomeTests
{
    private const string SiteA = "cn-hangzhou+dir-2051660961";
    private const string SiteB = "cn-hangzhou+dir-2051660962";

    /// <summary>
    /// The longest time for which an attachment counts as in progress: twice the timeout of an attempt, and a minute.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(80);

    [Fact]
    public async Task Attach_UnknownOutcome_IsRetriedOnlyAfterItsWindow()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        await AttachWithUnknownOutcomeAsync(app, sent, FaultKind.CloseBeforeWork);

        app.Time.Advance(Window - TimeSpan.FromMilliseconds(1));
        (await AttachAsync(app, sent, SiteA, "carol")).ShouldBeProblem(409, "verification-in-progress");
        Assert.Equal(1, Calls(app, "AttachCen"));
        Assert.Equal("bob", (await RecordAsync(app)).Attaching?.By);

        app.Time.Advance(TimeSpan.FromMilliseconds(1));
        var completed = (await AttachAsync(app, sent, SiteA, "carol")).ShouldBe(200);
        Assert.Equal(("completed", "carol"), (completed["state"], completed["closedBy"]));
        Assert.Equal(2, Calls(app, "AttachCen"));
    }

    /// <summary>
    /// After the attachment no longer counts as in progress, the CEN is attached to the second office network only if
    /// Alibaba's list does not show it at the first one.
    /// </summary>
    [Fact]
    public async Task Attach_ToAnotherOfficeNetworkAfterAnUnknownOutcome_Returns409AndNamesTheFirst()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        await AttachWithUnknownOutcomeAsync(app, sent, FaultKind.CloseBeforeWork);

        var meanwhile = await AttachAsync(app, sent, SiteB, "carol");
        app.Time.Advance(Window);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        var unclear = await AttachAsync(app, sent, SiteB, "carol");

        Assert.All([meanwhile, unclear], refused =>
            Assert.Contains(
                SiteA,
                refused.ShouldBeProblem(409, "verification-in-progress")["detail"],
                StringComparison.Ordinal));
        Assert.Equal(1, Calls(app, "AttachCen"));
        Assert.Equal(
            (SiteA, "bob"), ((await RecordAsync(app)).Attaching?.OfficeSiteId, (await RecordAsync(app)).Attaching?.By));
    }

    [Fact]
    public async Task Attach_ToAnotherOfficeNetworkAfterAnUnconfirmedSuccess_Returns409AndCompletesTheFirst()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        await AttachWithUnknownOutcomeAsync(app, sent, FaultKind.CloseAfterWork);
        app.Time.Advance(Window);

        var refused = (await AttachAsync(app, sent, SiteB, "carol")).ShouldBeProblem(409, "verification-closed");

        Assert.Contains(SiteA, refused["detail"], StringComparison.Ordinal);
        var completed = await RecordAsync(app);
        Assert.Equal(
            (VerificationState.Completed, SiteA, "bob"), (completed.State, completed.OfficeSiteId, completed.ClosedBy));
        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Fact]
    public async Task Attach_RepeatedAfterItCompletedAnEarlierAttempt_ReturnsTheFirstResponse()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        await AttachWithUnknownOutcomeAsync(app, sent, FaultKind.CloseAfterWork);
        app.Time.Advance(Window);

        var completed = (await AttachAsync(app, sent, SiteA, "carol", key: "key-1")).ShouldBe(200);
        var repeated = (await AttachAsync(app, sent, SiteA, "carol", key: "key-1")).ShouldBe(200);

        Assert.Equal((completed.Text, "true"), (repeated.Text, repeated.Header("Idempotency-Replayed")));
        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Fact]
    public async Task Attach_AfterAnAttemptThatWasNotMade_IsRefusedForItsWindow()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        var record = await RecordAsync(app);
        await app.Store.WriteAsync(record.BeginAttach(new AttachAttempt(SiteA, app.Time.GetUtcNow(), "bob")));
        (await AttachAsync(app, sent, SiteB, "carol")).ShouldBeProblem(409, "verification-in-progress");

        app.Time.Advance(Window);

        var completed = (await AttachAsync(app, sent, SiteB, "carol")).ShouldBe(200);
        Assert.Equal((SiteB, "carol"), (completed["officeSiteId"], completed["closedBy"]));
    }

    [Fact]
    public async Task Attach_KeyOfAnotherRequestAfterAnUnconfirmedSuccess_Returns422AndSavesNoResponse()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseBeforeWork, "VerifyCen"));
        (await CheckAsync(app, sent, key: "key-1")).ShouldBeProblem(504, "attachment-unknown");
        await AttachWithUnknownOutcomeAsync(app, sent, FaultKind.CloseAfterWork);
        app.Time.Advance(Window);

        (await AttachAsync(app, sent, SiteA, "bob", key: "key-1")).ShouldBeProblem(422, "idempotency-key-reused");

        Assert.Null((await CheckAsync(app, sent, key: "key-1")).ShouldBe(200).Header("Idempotency-Replayed"));
    }

    /// <summary>
    /// If Alibaba's list does not have the office network, the CEN may nevertheless be attached to it.
    /// </summary>
    [Fact]
    public async Task Attach_AfterAnUnknownOutcomeAtAnUnlistedOfficeNetwork_IsRefusedForFifteenMinutes()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        var record = await RecordAsync(app);
        await app.Store.WriteAsync(
            record.BeginAttach(new AttachAttempt("cn-hangzhou+dir-9", app.Time.GetUtcNow(), "bob")));

        app.Time.Advance(TimeSpan.FromMinutes(14));
        (await AttachAsync(app, sent, SiteB, "carol")).ShouldBeProblem(409, "verification-in-progress");
        Assert.Equal(0, Calls(app, "AttachCen"));

        // Advance the clock, so that the code has expired.
        app.Time.Advance(TimeSpan.FromMinutes(1));
        (await AttachAsync(app, sent, SiteB, "carol")).ShouldBeProblem(422, "code-refused");
        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Theory]
    [InlineData("attaching")]
    [InlineData("throttled")]
    public async Task Attach_AcceptedButNotListed_Returns202AndTheTimerCompletesIt(string list)
    {
        string? cen = null;
        var isAttached = false;
        await using var gateway = RawHttpServer.Start(request => Task.FromResult(request.Header("x-acs-action") switch
        {
            "DescribeOfficeSites" when Volatile.Read(ref isAttached) => OfficeSite(cen, "attached"),
            "DescribeOfficeSites" when list == "throttled" => EcdReplies.Throttled(retryAfterMs: 20_000),
            "DescribeOfficeSites" => OfficeSite(cen, list),
            _ => EcdReplies.Accepted(),
        }));
        await using var app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" });
        var sent = await SendAsync(app);
        cen = sent["cenId"];

        var accepted = (await AttachAsync(app, sent, SiteA, "bob", code: "123456")).ShouldBe(202);

        Assert.Equal(
            ("pending", SiteA, "bob"),
            (accepted["state"], accepted["attaching.officeSiteId"], accepted["attaching.by"]));
        (await AttachAsync(app, sent, SiteA, "carol", code: "123456")).ShouldBeProblem(409, "verification-in-progress");
        await app.RunReportAsync();
        Assert.True((await RecordAsync(app)).IsOpen);
        Volatile.Write(ref isAttached, true);
        await app.RunReportAsync();
        var completed = await RecordAsync(app);
        Assert.Equal(
            (VerificationState.Completed, SiteA, "bob"), (completed.State, completed.OfficeSiteId, completed.ClosedBy));
        Assert.Equal(1, gateway.Requests.Count(request => request.Header("x-acs-action") == "AttachCen"));
    }

    [Fact]
    public async Task Attach_AcceptedWithoutPermissionToRead_IsCompleted()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));

        Assert.Equal("completed", (await AttachAsync(app, sent, SiteA, "bob")).ShouldBe(200)["state"]);
    }

    [Fact]
    public async Task Attach_CallerDisconnectsDuringTheFirstWrite_GoesOnToItsEnd()
    {
        using var caller = new CancellationTokenSource();
        var isAttaching = false;
        await using var app = await StartAsync(async (method, call) =>
        {
            if (method == nameof(IVerificationStore.WriteAsync) && Volatile.Read(ref isAttaching))
            {
                await caller.CancelAsync();
            }

            await call();
        });
        var sent = await SendAsync(app);
        Volatile.Write(ref isAttaching, true);

        var code = VerifyCode.Parse(app.Alibaba.Outbox.Messages.Single().Code);
        var result = await app.Services.GetRequiredService<AttachToOfficeSite>().RunAsync(
            new(sent.Id, OfficeSiteId.Parse(SiteA)!.Value, code, "bob"), key: null, caller.Token);

        Assert.IsType<CodeUseResult.Attached>(result);
        Assert.Equal(VerificationState.Completed, (await RecordAsync(app)).State);
    }

    /// <summary>The first write of the attachment is stored, but throws an exception.</summary>
    [Fact]
    public async Task Attach_FirstWriteStoredButUnconfirmed_GoesOnToItsEnd()
    {
        var (isAttaching, writes) = (false, 0);
        await using var app = await StartAsync(async (method, call) =>
        {
            await call();
            if (method == nameof(IVerificationStore.WriteAsync)
                && Volatile.Read(ref isAttaching)
                && Interlocked.Increment(ref writes) == 1)
            {
                throw new IOException("There is no response.");
            }
        });
        var sent = await SendAsync(app);
        Volatile.Write(ref isAttaching, true);

        Assert.Equal("completed", (await AttachAsync(app, sent, SiteA, "bob")).ShouldBe(200)["state"]);

        Assert.Equal(1, Calls(app, "AttachCen"));
        Assert.Single(app.Logged(eventId: 107));
    }

    /// <summary>The first write of the attachment throws an exception, and is not stored.</summary>
    [Fact]
    public async Task Attach_FirstWriteNotStored_CallsNothingAndIsRetriedByItsRepeat()
    {
        var isBroken = false;
        await using var app = await StartAsync((method, call) =>
            method == nameof(IVerificationStore.WriteAsync) && Volatile.Read(ref isBroken)
                ? throw new IOException("The store is unavailable.")
                : call());
        var sent = await SendAsync(app);
        Volatile.Write(ref isBroken, true);
        var refused = (await AttachAsync(app, sent, SiteA, "bob", key: "key-1"))
            .ShouldBeProblem(503, "store-unavailable");
        Assert.NotNull(refused.Header("Retry-After"));
        Assert.Equal(0, Calls(app, "AttachCen"));

        Volatile.Write(ref isBroken, false);

        Assert.Equal("completed", (await AttachAsync(app, sent, SiteA, "bob", key: "key-1")).ShouldBe(200)["state"]);
    }

    [Fact]
    public async Task AttachAndCheck_RepeatedWithAnIdempotencyKey_ReturnTheFirstResponse()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);

        var check = (await CheckAsync(app, sent, key: "check-1")).ShouldBe(200);
        var checkedAgain = (await CheckAsync(app, sent, key: "check-1")).ShouldBe(200);
        var attach = (await AttachAsync(app, sent, SiteA, "bob", key: "attach-1")).ShouldBe(200);
        var attachedAgain = (await AttachAsync(app, sent, SiteA, "bob", key: "attach-1")).ShouldBe(200);
        (await AttachAsync(app, sent, SiteB, "bob", key: "attach-1")).ShouldBeProblem(422, "idempotency-key-reused");

        Assert.Equal((check.Text, "true"), (checkedAgain.Text, checkedAgain.Header("Idempotency-Replayed")));
        Assert.Equal((attach.Text, "true"), (attachedAgain.Text, attachedAgain.Header("Idempotency-Replayed")));
        Assert.Equal((1, 1), (Calls(app, "VerifyCen"), Calls(app, "AttachCen")));
        Assert.Single((await RecordAsync(app)).CheckTimes!);
    }

    /// <summary>The outcome of the first check is unknown. Before the repeat, the verification is closed.</summary>
    [Fact]
    public async Task Check_RepeatedAfterTheVerificationWasCompleted_Returns409()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseBeforeWork, "VerifyCen"));
        var unknown = (await CheckAsync(app, sent, key: "check-1")).ShouldBeProblem(504, "attachment-unknown");
        Assert.DoesNotContain("attach", unknown["detail"], StringComparison.Ordinal);
        Assert.Contains("may have counted the attempt", unknown["detail"], StringComparison.Ordinal);
        (await app.Api.PostAsync($"verifications/{sent.Id}/complete", "{}")).ShouldBe(200);

        (await CheckAsync(app, sent, key: "check-1")).ShouldBeProblem(409, "verification-closed");
    }

    [Fact]
    public async Task Attach_CancelledMeanwhileByAnotherVersion_Returns409()
    {
        EdsApp app = null!;
        await using var gateway = RawHttpServer.Start(async request =>
        {
            switch (request.Header("x-acs-action"))
            {
                case "AttachCen":
                    var record = await RecordAsync(app);
                    await app.Store.WriteAsync(record with
                    {
                        State = VerificationState.Cancelled,
                        Attaching = null,
                        ClosedAt = app.Time.GetUtcNow(),
                    });
                    return EcdReplies.Accepted();
                case "DescribeOfficeSites":
                    return OfficeSite((await RecordAsync(app)).Target.CenId, "attaching");
                default:
                    return EcdReplies.Accepted();
            }
        });
        await using (app = await EdsApp.StartAsync(new() { ["Alibaba:EndpointOverride"] = $"{gateway.Url}" }))
        {
            var sent = await SendAsync(app);

            (await AttachAsync(app, sent, SiteA, "bob", code: "123456")).ShouldBeProblem(409, "verification-closed");
        }
    }

    [Fact]
    public async Task Check_SixthInTenMinutes_Returns429AndCallsNothing()
    {
        await using var app = await EdsApp.StartAsync();
        var (sent, other) = (await SendAsync(app), await SendAsync(app));
        for (var i = 0; i < 5; i++)
        {
            (await CheckAsync(app, sent)).ShouldBe(200);
            app.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var refused = (await CheckAsync(app, sent)).ShouldBeProblem(429, "check-limit");

        Assert.Equal((sent.Id, "300"), (refused.Id, refused.Header("Retry-After")));
        (await CheckAsync(app, other)).ShouldBe(200);
        Assert.Equal(6, Calls(app, "VerifyCen"));
        app.Time.Advance(TimeSpan.FromMinutes(5));
        (await CheckAsync(app, sent)).ShouldBe(200);
        (await CheckAsync(app, sent)).ShouldBeProblem(429, "check-limit");
    }

    /// <summary>Attaches the CEN. Alibaba does not respond, and its list cannot be read.</summary>
    private static async Task AttachWithUnknownOutcomeAsync(EdsApp app, ApiResponse sent, FaultKind fault)
    {
        app.Alibaba.Faults.Add(new Fault(fault, "AttachCen"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        (await AttachAsync(app, sent, SiteA, "bob")).ShouldBeProblem(504, "attachment-unknown");
    }

    private static RawHttpReply OfficeSite(string? cen, string status) => RawHttpReply.Create(
        200,
        "application/json",
        $$"""
        {
          "RequestId": "R-1",
          "OfficeSites": [{ "OfficeSiteId": "{{SiteA}}", "CenId": "{{cen}}", "CenAttachStatus": "{{status}}" }],
          "NextToken": ""
        }
        """);

    private static async Task<ApiResponse> SendAsync(EdsApp app) =>
        (await app.Api.SendAsync(A.Verification.By("alice"))).ShouldBe(201);

    private static async Task<Verification> RecordAsync(EdsApp app) => Assert.Single(await app.RecordsAsync());

    private static Task<ApiResponse> CheckAsync(EdsApp app, ApiResponse sent, string? key = null) => app.Api.PostAsync(
        $"verifications/{sent.Id}/check", """{"cidrBlock":"192.168.7.0/24","verifyCode":"x"}""", idempotencyKey: key);

    private static Task<ApiResponse> AttachAsync(
        EdsApp app, ApiResponse sent, string site, string by, string? code = null, string? key = null)
    {
        code ??= app.Alibaba.Outbox.Messages.Last(mail => mail.CenId == sent["cenId"]).Code;
        return app.Api.PostAsync(
            $"verifications/{sent.Id}/attach",
            $$"""{"officeSiteId":"{{site}}","by":"{{by}}","verifyCode":"{{code}}"}""",
            idempotencyKey: key);
    }

    private static Task<EdsApp> StartAsync(Func<string, Func<Task>, Task> around) =>
        EdsApp.StartAsync(configure: StoreDecorator.Around(around));

    private static int Calls(
        EdsApp app, string action) => app.Alibaba.Requests.Items.Count(request => request.Action == action);
}
