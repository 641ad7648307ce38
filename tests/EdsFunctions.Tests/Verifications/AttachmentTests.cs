namespace EdsFunctions.Tests.Verifications;

/// <summary>Checks and attachments over HTTP, with the simulator as Alibaba.</summary>
public sealed class AttachmentTests
{
    private const string Site = "cn-hangzhou+dir-2051660961";

    [Theory]
    [InlineData("000000x", "VerifyCode.InvalidTokenCode")]
    [InlineData(null, "MissingVerifyCode")]
    public async Task Attach_WrongOrMissingCode_AttachesNothing(string? code, string alibabaCode)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);

        var refused = await AttachAsync(app, sent, code);

        Assert.Equal(code is null ? 502 : 422, refused.Status);
        Assert.Equal(alibabaCode, refused["alibabaCode"]);
        Assert.DoesNotContain("000000x", refused.Text, StringComparison.Ordinal);
        var open = Assert.Single(await app.RecordsAsync());
        Assert.Equal((VerificationState.Pending, null), (open.State, open.Attaching));
        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200);
    }

    [Fact]
    public async Task Attach_ResponseIsLostAfterTheWork_CompletesIt()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen"));

        Assert.Equal("completed", (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200)["state"]);

        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Theory]
    [InlineData(FaultKind.CloseAfterWork, false, 1)]
    [InlineData(FaultKind.CloseBeforeWork, false, 2)]
    [InlineData(FaultKind.CloseBeforeWork, true, 2)]
    public async Task Attach_UnknownOutcomeAfterItsWindow_ReadsTheListFirst(
        FaultKind fault, bool isListReadable, int attachments)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(fault, "AttachCen"));
        if (!isListReadable)
        {
            app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        }

        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(504, "attachment-unknown");
        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.CompleteAsync(sent.Id)).ShouldBeProblem(409, "verification-in-progress");
        app.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("completed", (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200)["state"]);

        Assert.Equal(attachments, Calls(app, "AttachCen"));
    }

    [Fact]
    public async Task Request_WhileTheCenIsBeingAttached_Returns409()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = (await app.Api.SendAsync(A.Verification)).ShouldBe(201);
        app.Time.Advance(TimeSpan.FromMinutes(2));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Hang, "AttachCen"));
        var attaching = AttachAsync(app, sent, CodeFor(app, sent));
        while (Calls(app, "AttachCen") == 0)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(409, "verification-in-progress");
        (await CheckAsync(app, sent, "192.168.7.0/24", CodeFor(app, sent)))
            .ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.CancelAsync(sent.Id)).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.PostAsync($"verifications/{sent.Id}/resend", null))
            .ShouldBeProblem(409, "verification-in-progress");

        app.Time.Advance(TimeSpan.FromSeconds(10));
        (await attaching).ShouldBeProblem(504, "attachment-unknown");
        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Theory]
    [InlineData("check", """{"verifyCode":"1"}""", "cidrBlock")]
    [InlineData("check", """{"cidrBlock":"192.168.0.1/24"}""", "cidrBlock")]
    [InlineData("check", """{"cidrBlock":"192.168.0.0"}""", "cidrBlock")]
    [InlineData("check", """{"cidrBlock":"fd00::/64"}""", "cidrBlock")]
    [InlineData("check", """{"cidrBlock":"192.168.0.0/24","verifyCode":"12 34"}""", "verifyCode")]
    [InlineData("check", """{"cidrBlock":"192.168.0.0/24","verifyCode":123456}""", "verifyCode")]
    [InlineData("attach", """{"verifyCode":"1"}""", "officeSiteId")]
    [InlineData("attach", """{"officeSiteId":"../x"}""", "officeSiteId")]
    [InlineData("attach", """{"officeSiteId":"a","code":"1"}""", "code")]
    public async Task CheckOrAttach_InvalidInput_Returns400AndCallsNothing(string action, string body, string field)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);

        (await app.Api.PostAsync($"verifications/{sent.Id}/{action}", body))
            .ShouldBeProblem(400, "invalid-request", field);

        Assert.Single(app.Alibaba.Requests.Items);
        Assert.Null(Assert.Single(await app.RecordsAsync()).CheckTimes);
    }

    [Fact]
    public async Task Attach_VerificationWithoutCen_Returns409()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await app.Api.PostAsync(
            "verifications", """{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification"}""");

        (await AttachAsync(app, sent, "1")).ShouldBeProblem(409, "verification-without-cen");
    }

    [Fact]
    public async Task Attach_UnknownId_Returns404()
    {
        await using var app = await EdsApp.StartAsync();

        var response = await app.Api.PostAsync($"verifications/{Guid.Empty}/attach", """{"officeSiteId":"a"}""");

        response.ShouldBeProblem(404, "verification-not-found");
    }

    [Fact]
    public async Task Check_PermissionIsMissing_Returns502AndNamesIt()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "VerifyCen"));

        var refused = await CheckAsync(app, sent, "192.168.7.0/24", "1");

        Assert.Equal("ecd:VerifyCen", refused.ShouldBeProblem(502, "alibaba-refused")["missingPermission"]);
    }

    private static async Task<ApiResponse> SendAsync(EdsApp app) =>
        (await app.Api.SendAsync(A.Verification.By("alice"))).ShouldBe(201);

    private static string CodeFor(EdsApp app, ApiResponse sent) =>
        app.Alibaba.Outbox.Messages.Last(mail => mail.CenId == sent["cenId"]).Code;

    private static Task<ApiResponse> CheckAsync(
        EdsApp app, ApiResponse sent, string cidrBlock, string code) => app.Api.PostAsync(
        $"verifications/{sent.Id}/check", $$"""{"cidrBlock":"{{cidrBlock}}","verifyCode":"{{code}}"}""");

    private static Task<ApiResponse> AttachAsync(EdsApp app, ApiResponse sent, string? code) => app.Api.PostAsync(
        $"verifications/{sent.Id}/attach",
        code is null
            ? $$"""{"officeSiteId":"{{Site}}","by":"bob"}"""
            : $$"""{"officeSiteId":"{{Site}}","by":"bob","verifyCode":"{{code}}"}""");

    private static int Calls(
        EdsApp app, string action) => app.Alibaba.Requests.Items.Count(request => request.Action == action);
}
