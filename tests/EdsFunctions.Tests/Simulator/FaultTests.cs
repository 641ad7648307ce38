namespace EdsFunctions.Tests.Simulator;

public sealed class FaultTests : SimulatorTest
{
    [Theory]
    [InlineData("throttle", 400, "Throttling.User")]
    [InlineData("unavailable", 503, "ServiceUnavailable")]
    [InlineData("denied", 403, "Forbidden.RAM")]
    public async Task A_refusal_does_no_work(string kind, int status, string code)
    {
        await Ecd.ControlAsync("POST", "faults", $$"""{"kind":"{{kind}}"}""");

        var response = await Ecd.SendAsync(Ecd.SendVerifyCode());

        response.ShouldBeError(status, code);
        Assert.DoesNotContain("x-acs-retry-after", response.Headers.Keys);
        Assert.Empty(Ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task Throttle_may_say_how_long_to_wait()
    {
        await Ecd.ControlAsync("POST", "faults", """{"kind":"throttle","retryAfterMs":1500}""");

        Assert.Equal("1500", (await Ecd.SendAsync(Ecd.SendVerifyCode())).Headers["x-acs-retry-after"]);
    }

    [Theory]
    [InlineData("SendVerifyCode")]
    [InlineData("VerifyCen")]
    [InlineData("AttachCen")]
    [InlineData("DescribeOfficeSites")]
    public async Task Each_operation_can_be_denied_by_its_RAM_action(string action)
    {
        var code = await Ecd.SendCodeAsync();
        var added = await Ecd.ControlAsync("POST", "faults", $$"""{"kind":"denied","action":"{{action}}"}""");

        var response = await Ecd.SendAsync(Ecd.CallTo(action, code));

        Assert.Equal(200, added.Status);
        response.ShouldBeError(403, "Forbidden.RAM");
        var detail = response.Json.GetProperty("AccessDeniedDetail");
        Assert.Equal(("ecd:" + action, "ImplicitDeny"), (detail.Text("AuthAction"), detail.Text("NoPermissionType")));
        Assert.Null(Ecd.Site().CenId);
    }

    [Theory]
    [InlineData(FaultKind.CloseBeforeWork, "closeBeforeWork", 0)]
    [InlineData(FaultKind.CloseAfterWork, "closeAfterWork", 1)]
    public async Task A_connection_ends_before_or_after_the_work(FaultKind kind, string outcome, int mails)
    {
        Ecd.Server.Faults.Add(new Fault(kind));

        await Assert.ThrowsAsync<HttpRequestException>(() => Ecd.SendAsync(Ecd.SendVerifyCode()));

        Assert.Equal(mails, Ecd.Server.Outbox.Messages.Count);
        Assert.Equal(outcome, Assert.Single(Ecd.Server.Requests.Items).Outcome);
    }

    [Fact]
    public async Task CloseAfterWork_attaches_and_uses_up_the_code()
    {
        var code = await Ecd.SendCodeAsync();
        await LoseResponseAsync(FaultKind.CloseAfterWork, code);

        Assert.Equal(RunningSimulator.Cen, Ecd.Site().CenId);
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
    }

    [Fact]
    public async Task CloseBeforeWork_leaves_the_code_valid()
    {
        var code = await Ecd.SendCodeAsync();
        await LoseResponseAsync(FaultKind.CloseBeforeWork, code);

        Assert.Null(Ecd.Site().CenId);
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldSucceed();
    }

    [Fact]
    public async Task CloseAfterWork_hides_a_refusal_as_well()
    {
        await LoseResponseAsync(FaultKind.CloseAfterWork, await Ecd.SendCodeAsync() + "0");

        Assert.Null(Ecd.Site().CenId);
        Assert.Equal("closeAfterWork", Ecd.Server.Requests.Items[^1].Outcome);
    }

    [Fact]
    public async Task Malformed_does_the_work_and_truncates_the_JSON()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.Malformed));

        var response = await Ecd.SendAsync(Ecd.SendVerifyCode());

        Assert.Equal(200, response.Status);
        Assert.StartsWith("{\"RequestId\":\"", response.Body, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => response.Json);
        Assert.Single(Ecd.Server.Outbox.Messages);
        Assert.Equal("malformed", Assert.Single(Ecd.Server.Requests.Items).Outcome);
    }

    [Fact]
    public async Task Hang_sends_no_response_and_does_not_keep_the_server_from_stopping()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.Hang));

        var call = Ecd.SendAsync(Ecd.SendVerifyCode());
        while (Ecd.Server.Requests.Items.Count == 0)
            await Task.Yield();

        Assert.Equal("hang", Assert.Single(Ecd.Server.Requests.Items).Outcome);
        Assert.False(call.IsCompleted);
        await Ecd.Server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Empty(Ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task A_fault_happens_as_often_as_requested()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.Throttle, Times: 2));
        Ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable));

        foreach (var status in new[] { 400, 400, 503, 200 })
            Assert.Equal(status, (await Ecd.SendAsync(Ecd.SendVerifyCode())).Status);

        Assert.Empty(Ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task A_fault_for_one_CEN_does_not_affect_the_others()
    {
        var code = await Ecd.SendCodeAsync();
        Ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, CenId: "cen-other", Times: 3));

        Assert.Equal(200, (await Ecd.SendAsync(Ecd.VerifyCen(code))).Status);
        Assert.Equal(200, (await Ecd.SendAsync(Ecd.CallTo("DescribeOfficeSites"))).Status);
        Assert.Equal(503, (await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-other"))).Status);
        Assert.Equal(503, (await Ecd.SendAsync(Ecd.VerifyCen(code).With("CenId", "cen-other"))).Status);
        Assert.Equal(503, (await Ecd.SendAsync(Ecd.AttachCen(code).With("CenId", "cen-other"))).Status);
        Assert.Equal(200, (await Ecd.SendAsync(Ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task Another_operation_and_a_request_that_is_refused_anyway_use_up_no_fault()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, "SendVerifyCode"));

        (await Ecd.SendAsync(Ecd.CallTo("DescribeOfficeSites"))).ShouldSucceed();
        (await Ecd.SendAsync(Ecd.SendVerifyCode() with { AccessKeySecret = "wrong" }))
            .ShouldBeError(400, "SignatureDoesNotMatch");
        (await Ecd.SendAsync(Ecd.SendVerifyCode().Without("RegionId"))).ShouldBeError(400, "MissingRegionId");

        Assert.Single(Ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task A_failed_request_has_used_up_its_nonce()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.CloseBeforeWork));
        var call = Ecd.SendVerifyCode();

        await Assert.ThrowsAsync<HttpRequestException>(() => Ecd.SendAsync(call));

        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
    }

    private async Task LoseResponseAsync(FaultKind kind, string code)
    {
        Ecd.Server.Faults.Add(new Fault(kind, "AttachCen", RunningSimulator.Cen));
        await Assert.ThrowsAsync<HttpRequestException>(() => Ecd.SendAsync(Ecd.AttachCen(code)));
    }
}
