namespace EdsFunctions.Tests.Verifications;

/// <summary>From the code to the attached network, over HTTP, with the simulator as Alibaba.</summary>
public sealed class AttachmentTests
{
    private const string Site = "cn-hangzhou+dir-2051660961";

    [Theory]
    [InlineData("000000x", "VerifyCode.InvalidTokenCode")]
    [InlineData(null, "MissingVerifyCode")]
    public async Task A_code_that_Alibaba_does_not_take_attaches_nothing(string? code, string alibabaCode)
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
    public async Task An_attachment_whose_answer_is_lost_is_found_where_it_was_done()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen"));

        Assert.Equal("completed", (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200)["state"]);

        Assert.Equal(1, Calls(app, "AttachCen"));
    }

    [Fact]
    public async Task An_attachment_whose_answer_is_lost_is_asked_for_again_once_it_can_no_longer_be_in_progress()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.CloseBeforeWork, "AttachCen"));

        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(504, "attachment-unknown");

        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(409, "verification-in-progress");
        Assert.Equal(1, Calls(app, "AttachCen"));
        app.Time.Advance(TimeSpan.FromMinutes(2));
        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200);
    }

    [Theory]
    [InlineData(FaultKind.CloseAfterWork, 1)]
    [InlineData(FaultKind.CloseBeforeWork, 2)]
    public async Task Where_nobody_can_say_what_became_of_it_the_next_request_looks_first(FaultKind fault, int attachments)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(fault, "AttachCen"));
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "DescribeOfficeSites"));
        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(504, "attachment-unknown");
        (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.CompleteAsync(sent.Id)).ShouldBeProblem(409, "verification-in-progress");
        app.Time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("completed", (await AttachAsync(app, sent, CodeFor(app, sent))).ShouldBe(200)["state"]);

        Assert.Equal(attachments, Calls(app, "AttachCen"));
    }

    [Fact]
    public async Task While_a_CEN_is_being_attached_nothing_else_is_done_with_it()
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
        (await CheckAsync(app, sent, "192.168.7.0/24", CodeFor(app, sent))).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.CancelAsync(sent.Id)).ShouldBeProblem(409, "verification-in-progress");
        (await app.Api.PostAsync($"verifications/{sent.Id}/resend", null)).ShouldBeProblem(409, "verification-in-progress");

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
    public async Task Bad_input_calls_nobody(string what, string body, string field)
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);

        (await app.Api.PostAsync($"verifications/{sent.Id}/{what}", body)).ShouldBeProblem(400, "invalid-request", field);

        Assert.Single(app.Alibaba.Requests.Items);
        Assert.Equal(0, Assert.Single(await app.RecordsAsync()).Checks);
    }

    [Fact]
    public async Task What_is_not_there_or_names_no_CEN_cannot_be_attached()
    {
        await using var app = await EdsApp.StartAsync();
        var bare = await app.Api.PostAsync(
            "verifications", """{"RegionId":"cn-hangzhou","VerifyCodeAction":"eds_cenID_securityverification"}""");

        (await AttachAsync(app, bare, "1")).ShouldBeProblem(409, "verification-without-cen");
        (await app.Api.PostAsync($"verifications/{Guid.Empty}/attach", """{"officeSiteId":"a"}""")).ShouldBeProblem(404, "verification-not-found");
    }

    [Fact]
    public async Task A_missing_permission_is_named()
    {
        await using var app = await EdsApp.StartAsync();
        var sent = await SendAsync(app);
        app.Alibaba.Faults.Add(new Fault(FaultKind.Denied, "VerifyCen"));

        Assert.Equal(
            "ecd:VerifyCen", (await CheckAsync(app, sent, "192.168.7.0/24", "1")).ShouldBeProblem(502, "alibaba-refused")["missingPermission"]);
    }

    private static async Task<ApiResponse> SendAsync(EdsApp app) => (await app.Api.SendAsync(A.Verification.By("alice"))).ShouldBe(201);

    private static string CodeFor(EdsApp app, ApiResponse sent) =>
        app.Alibaba.Outbox.Messages.Last(mail => mail.CenId == sent["cenId"]).Code;

    private static Task<ApiResponse> CheckAsync(EdsApp app, ApiResponse sent, string cidrBlock, string code) => app.Api.PostAsync(
        $"verifications/{sent.Id}/check", $$"""{"cidrBlock":"{{cidrBlock}}","verifyCode":"{{code}}"}""");

    private static Task<ApiResponse> AttachAsync(EdsApp app, ApiResponse sent, string? code) => app.Api.PostAsync(
        $"verifications/{sent.Id}/attach",
        code is null
            ? $$"""{"officeSiteId":"{{Site}}","by":"bob"}"""
            : $$"""{"officeSiteId":"{{Site}}","by":"bob","verifyCode":"{{code}}"}""");

    private static int Calls(EdsApp app, string action) => app.Alibaba.Requests.Items.Count(request => request.Action == action);
}
