namespace EdsFunctions.Tests.Simulator;

public sealed class AttachCenTests : SimulatorTest
{
    [Fact]
    public async Task The_code_of_the_owner_attaches_an_office_network_once()
    {
        var code = await Ecd.SendCodeAsync();
        Assert.Equal("Access", (await Ecd.SendAsync(Ecd.VerifyCen(code))).Text("Status"));

        var response = (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldSucceed();

        Assert.Equal(["RequestId"], response.Json.Names());
        Assert.Equal((RunningSimulator.Cen, "attached"), (Ecd.Site().CenId, Ecd.Site().CenAttachStatus));
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
        Assert.Equal("VerifyCode.InvalidTokenCode", (await Ecd.SendAsync(Ecd.VerifyCen(code))).Text("Status"));
    }

    [Fact]
    public async Task Attaching_the_same_CEN_again_takes_a_new_code()
    {
        Ecd.Server.OfficeSites.Put(Ecd.Site().AttachedTo(RunningSimulator.Cen));

        (await Ecd.SendAsync(Ecd.AttachCen(await Ecd.SendCodeAsync()))).ShouldSucceed();

        Assert.Equal(RunningSimulator.Cen, Ecd.Site().CenId);
    }

    [Fact]
    public async Task The_callers_own_CEN_needs_no_code()
    {
        (await Ecd.SendAsync(Ecd.AttachCen("").Without("CenOwnerId", "VerifyCode"))).ShouldSucceed();

        Assert.Equal(RunningSimulator.Cen, Ecd.Site().CenId);
    }

    [Fact]
    public async Task Of_concurrent_calls_with_the_same_code_one_attaches()
    {
        var code = await Ecd.SendCodeAsync();
        string[] sites = [.. Enumerable.Range(1, 4).Select(n => $"cn-hangzhou+dir-{n}")];
        foreach (var site in sites)
            Ecd.Server.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = site });

        var responses = await Task.WhenAll(sites.Select(site => Ecd.SendAsync(Ecd.AttachCen(code, site))));

        Assert.Equal([200, 400, 400, 400], responses.Select(response => response.Status).Order());
        Assert.Single(sites, site => Ecd.Site(site).CenId == RunningSimulator.Cen);
    }

    [Fact]
    public async Task Wrong_codes_count_together_with_those_of_VerifyCen()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { MaxWrongCodes = 2 });
        var code = await ecd.SendCodeAsync();

        (await ecd.SendAsync(ecd.AttachCen("wrong"))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
        Assert.Equal("VerifyCode.InvalidTokenCode", (await ecd.SendAsync(ecd.VerifyCen("wrong"))).Text("Status"));
        (await ecd.SendAsync(ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.ReachTokenRetryTime");

        Assert.Null(ecd.Site().CenId);
    }

    [Theory]
    [InlineData("CenOwnerId", RunningSimulator.AnotherOwner, "InvalidCen.CenUidInvalid")]
    [InlineData("CenId", "cen-unknown", "InvalidCen.ParameterCenInstanceId")]
    [InlineData("OfficeSiteId", "cn-hangzhou+dir-1", "InvalidOfficeSite.NotFound")]
    [InlineData("OfficeSiteId", "cn-beijing+dir-2051660961", "InvalidOfficeSite.NotFound")]
    [InlineData("OfficeSiteId", RunningSimulator.AttachedSite, "InvalidOfficeSite.CenAttached")]
    public async Task What_cannot_be_attached_uses_up_no_code(string parameter, string value, string error)
    {
        Ecd.Server.OfficeSites.Put(
            new SimulatedOfficeSite { RegionId = "cn-beijing", OfficeSiteId = "cn-beijing+dir-2051660961" });
        var code = await Ecd.SendCodeAsync();

        (await Ecd.SendAsync(Ecd.AttachCen(code).With(parameter, value))).ShouldBeError(400, error);

        Assert.Null(Ecd.Site().CenId);
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldSucceed();
    }
}
