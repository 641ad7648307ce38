namespace EdsFunctions.Tests.Simulator;

public sealed class FaultTests
{
    [Fact]
    public async Task Throttle_is_a_400_that_says_how_long_to_wait()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.ControlAsync("POST", "faults", """{"kind":"throttle","retryAfterMs":1500}""");

        var answer = await ecd.SendAsync(ecd.Call());

        answer.ShouldBeError(400, "Throttling.User");
        Assert.Equal("1500", answer.Headers["x-acs-retry-after"]);
        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task Throttle_need_not_say_how_long_to_wait()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Throttle));

        Assert.DoesNotContain("x-acs-retry-after", (await ecd.SendAsync(ecd.Call())).Headers.Keys);
    }

    [Fact]
    public async Task Unavailable_is_a_503()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable));

        (await ecd.SendAsync(ecd.Call())).ShouldBeError(503, "ServiceUnavailable");

        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task Denied_names_the_RAM_action()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Denied));

        var answer = await ecd.SendAsync(ecd.Call());

        answer.ShouldBeError(403, "Forbidden.RAM");
        var detail = answer.Json.GetProperty("AccessDeniedDetail");
        Assert.Equal("ecd:SendVerifyCode", detail.GetProperty("AuthAction").GetString());
        Assert.Equal("ImplicitDeny", detail.GetProperty("NoPermissionType").GetString());
        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task CloseBeforeWork_ends_the_connection_and_mails_nothing()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseBeforeWork));

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(ecd.Call()));

        Assert.Empty(ecd.Server.Outbox.Messages);
        Assert.Equal("closeBeforeWork", Assert.Single(ecd.Server.Requests.Items).Outcome);
    }

    [Fact]
    public async Task CloseAfterWork_mails_and_ends_the_connection()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseAfterWork));

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(ecd.Call()));

        Assert.Single(ecd.Server.Outbox.Messages);
        Assert.Equal("closeAfterWork", Assert.Single(ecd.Server.Requests.Items).Outcome);
    }

    [Fact]
    public async Task Malformed_mails_and_breaks_off_the_JSON()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Malformed));

        var answer = await ecd.SendAsync(ecd.Call());

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("{\"RequestId\":\"", answer.Body, StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => answer.Json);
        Assert.Single(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task Hang_gives_no_answer_and_does_not_keep_the_server_from_stopping()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Hang));

        var call = ecd.SendAsync(ecd.Call());
        while (ecd.Server.Requests.Items.Count == 0)
            await Task.Yield();

        Assert.Equal("hang", Assert.Single(ecd.Server.Requests.Items).Outcome);
        Assert.False(call.IsCompleted);
        await ecd.Server.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => call);
        Assert.Empty(ecd.Server.Outbox.Messages);
    }

    [Fact]
    public async Task A_fault_happens_as_often_as_ordered()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Throttle, Times: 2));
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable));

        int[] statuses = [
            (await ecd.SendAsync(ecd.Call())).Status,
            (await ecd.SendAsync(ecd.Call())).Status,
            (await ecd.SendAsync(ecd.Call())).Status,
            (await ecd.SendAsync(ecd.Call())).Status];

        Assert.Equal([400, 400, 503, 200], statuses);
        Assert.Empty(ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task A_fault_for_one_CEN_leaves_the_others_alone()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, "SendVerifyCode", "cen-one"));

        Assert.Equal(200, (await ecd.SendAsync(ecd.CallFor("cen-other"))).Status);
        Assert.Equal(503, (await ecd.SendAsync(ecd.CallFor("cen-one"))).Status);
    }

    [Fact]
    public async Task A_fault_for_another_action_is_left_alone()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, "AttachCen"));

        Assert.Equal(200, (await ecd.SendAsync(ecd.Call())).Status);
        Assert.Single(ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task A_request_that_is_refused_anyway_uses_up_no_fault()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable));

        (await ecd.SendAsync(ecd.Call() with { AccessKeySecret = "wrong" })).ShouldBeError(400, "SignatureDoesNotMatch");
        (await ecd.SendAsync(ecd.Call().Without("RegionId"))).ShouldBeError(400, "MissingRegionId");

        Assert.Single(ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task A_faulted_request_has_used_up_its_nonce()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseBeforeWork));
        var call = ecd.Call();

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(call));

        (await ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
    }
}
