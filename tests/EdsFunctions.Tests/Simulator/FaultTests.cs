namespace EdsFunctions.Tests.Simulator;

public sealed class FaultTests : SimulatorTest
{
    [Theory]
    [InlineData("""{"kind":"throttle"}""", 400, "Throttling.User")]
    [InlineData("""{"kind":"throttle","retryAfterMs":1500}""", 400, "Throttling.User", "1500")]
    [InlineData("""{"kind":"unavailable"}""", 503, "ServiceUnavailable")]
    [InlineData("""{"kind":"denied"}""", 403, "Forbidden.RAM")]
    public async Task A_refusal_does_no_work(string fault, int status, string code, string? retryAfter = null)
    {
        await Ecd.ControlAsync("POST", "faults", fault);

        var response = await Ecd.SendAsync(Ecd.SendVerifyCode());

        response.ShouldBeError(status, code);
        Assert.Equal(retryAfter, response.Headers.GetValueOrDefault("x-acs-retry-after"));
        Assert.Empty(Ecd.Server.Outbox.Messages);
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
    [InlineData(FaultKind.CloseBeforeWork, "closeBeforeWork", false)]
    [InlineData(FaultKind.CloseAfterWork, "closeAfterWork", true)]
    public async Task A_connection_ends_before_or_after_the_work(FaultKind kind, string outcome, bool attached)
    {
        var code = await Ecd.SendCodeAsync();
        var call = Ecd.AttachCen(code);
        await LoseResponseAsync(kind, call);

        Assert.Equal(outcome, Ecd.Server.Requests.Items[^1].Outcome);
        Assert.Equal(attached ? RunningSimulator.Cen : null, Ecd.Site().CenId);
        // The request has used up its nonce whatever happened, and the work uses up the code.
        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Assert.Equal(attached ? 400 : 200, (await Ecd.SendAsync(Ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task CloseAfterWork_hides_a_refusal_as_well()
    {
        await LoseResponseAsync(FaultKind.CloseAfterWork, Ecd.AttachCen(await Ecd.SendCodeAsync() + "0"));

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

    private async Task LoseResponseAsync(FaultKind kind, Call call)
    {
        Ecd.Server.Faults.Add(new Fault(kind, "AttachCen", RunningSimulator.Cen));
        await Assert.ThrowsAsync<HttpRequestException>(() => Ecd.SendAsync(call));
    }
}
