namespace EdsFunctions.Tests.Simulator;

public sealed class OtherActionFaultTests
{
    [Theory]
    [InlineData("VerifyCen")]
    [InlineData("AttachCen")]
    [InlineData("DescribeOfficeSites")]
    public async Task Each_can_be_told_to_fail(string action)
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        var ordered = await ecd.ControlAsync("POST", "faults", $$"""{"kind":"denied","action":"{{action}}"}""");
        Call[] calls = [ecd.VerifyCen(code), ecd.AttachCen(code), ecd.CallTo("DescribeOfficeSites")];

        var answer = await ecd.SendAsync(calls.Single(call => call.Action == action));

        Assert.Equal(200, ordered.Status);
        answer.ShouldBeError(403, "Forbidden.RAM");
        Assert.Equal("ecd:" + action, answer.Json.GetProperty("AccessDeniedDetail").GetProperty("AuthAction").GetString());
        Assert.Null(ecd.Site(RunningSimulator.FreeSite).CenId);
    }

    [Fact]
    public async Task CloseAfterWork_attaches_and_ends_the_connection()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen", Call.Cen));

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(ecd.AttachCen(code)));

        Assert.Equal(Call.Cen, ecd.Site(RunningSimulator.FreeSite).CenId);
        (await ecd.SendAsync(ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
    }

    [Fact]
    public async Task CloseBeforeWork_leaves_the_code_good()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseBeforeWork, "AttachCen"));

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(ecd.AttachCen(code)));

        Assert.Null(ecd.Site(RunningSimulator.FreeSite).CenId);
        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task CloseAfterWork_hides_a_refusal_as_well()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.CloseAfterWork, "AttachCen"));

        await Assert.ThrowsAsync<HttpRequestException>(() => ecd.SendAsync(ecd.AttachCen(code + "0")));

        Assert.Null(ecd.Site(RunningSimulator.FreeSite).CenId);
        Assert.Equal("closeAfterWork", ecd.Server.Requests.Items[^1].Outcome);
    }

    [Fact]
    public async Task Malformed_breaks_off_in_the_midst_of_the_office_networks()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Malformed, "DescribeOfficeSites"));

        var answer = await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites"));

        Assert.Equal(200, answer.Status);
        Assert.ThrowsAny<JsonException>(() => answer.Json);
    }

    [Fact]
    public async Task A_fault_for_one_CEN_leaves_the_others_alone()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, CenId: "cen-other", Times: 2));

        Assert.Equal(200, (await ecd.SendAsync(ecd.VerifyCen(code))).Status);
        Assert.Equal(200, (await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites"))).Status);
        Assert.Equal(503, (await ecd.SendAsync(ecd.VerifyCen(code).With("CenId", "cen-other"))).Status);
        Assert.Equal(503, (await ecd.SendAsync(ecd.AttachCen(code).With("CenId", "cen-other"))).Status);
        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(code))).Status);
    }
}
