namespace EdsFunctions.Tests.Simulator;

public sealed class AttachCenTests
{
    private const string Free = RunningSimulator.FreeSite;

    [Fact]
    public async Task The_code_of_the_owner_attaches_an_office_network()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        var answer = await ecd.SendAsync(ecd.AttachCen(code));

        Assert.Equal(200, answer.Status);
        Assert.Equal(["RequestId"], answer.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal((Call.Cen, "attached"), (ecd.Site(Free).CenId, ecd.Site(Free).CenAttachStatus));
    }

    [Fact]
    public async Task A_CEN_of_ones_own_needs_no_code()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.AttachCen("").Without("CenOwnerId").Without("VerifyCode");

        Assert.Equal(200, (await ecd.SendAsync(call)).Status);

        Assert.Equal(Call.Cen, ecd.Site(Free).CenId);
    }

    [Fact]
    public async Task A_code_that_was_only_checked_still_attaches()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        Assert.Equal("Access", (await ecd.SendAsync(ecd.VerifyCen(code))).Text("Status"));

        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task A_code_attaches_once()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(code))).Status);

        (await ecd.SendAsync(ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
        Assert.Equal("VerifyCode.InvalidTokenCode", (await ecd.SendAsync(ecd.VerifyCen(code))).Text("Status"));

        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(await ecd.SendCodeAsync()))).Status);
    }

    [Fact]
    public async Task Of_many_at_once_with_the_same_code_one_attaches()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        string[] sites = [.. Enumerable.Range(1, 4).Select(n => $"cn-hangzhou+dir-{n}")];
        foreach (var site in sites)
            ecd.Server.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = site });

        var answers = await Task.WhenAll(sites.Select(site => ecd.SendAsync(ecd.AttachCen(code, site))));

        Assert.Equal([200, 400, 400, 400], answers.Select(answer => answer.Status).Order());
        Assert.Single(sites, site => ecd.Site(site).CenId == Call.Cen);
    }

    [Fact]
    public async Task Wrong_codes_count_together_with_those_of_VerifyCen()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { MaxWrongCodes = 2 });
        var code = await ecd.SendCodeAsync();

        (await ecd.SendAsync(ecd.AttachCen("wrong"))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");
        Assert.Equal("VerifyCode.InvalidTokenCode", (await ecd.SendAsync(ecd.VerifyCen("wrong"))).Text("Status"));
        (await ecd.SendAsync(ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.ReachTokenRetryTime");

        Assert.Null(ecd.Site(Free).CenId);
    }

    [Fact]
    public async Task An_expired_code_does_not_attach()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { CodeLifetime = TimeSpan.FromMinutes(1) });
        var code = await ecd.SendCodeAsync();
        ecd.Time.Advance(TimeSpan.FromMinutes(1));

        (await ecd.SendAsync(ecd.AttachCen(code))).ShouldBeError(400, "VerifyCode.InvalidTokenCode");

        Assert.Null(ecd.Site(Free).CenId);
    }

    [Fact]
    public async Task The_owner_must_be_the_right_one()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        var another = await ecd.SendAsync(ecd.AttachCen(code).With("CenOwnerId", Call.AnotherOwner));
        var unknown = await ecd.SendAsync(ecd.AttachCen(code).With("CenId", "cen-unknown"));

        another.ShouldBeError(400, "InvalidCen.CenUidInvalid");
        unknown.ShouldBeError(400, "InvalidCen.ParameterCenInstanceId");
        Assert.Null(ecd.Site(Free).CenId);
    }

    [Theory]
    [InlineData("cn-hangzhou+dir-1", "InvalidOfficeSite.NotFound")]
    [InlineData("cn-beijing+dir-2051660961", "InvalidOfficeSite.NotFound")]
    [InlineData(RunningSimulator.AttachedSite, "InvalidOfficeSite.CenAttached")]
    public async Task An_office_network_that_cannot_be_attached_uses_up_no_code(string site, string error)
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-beijing", OfficeSiteId = "cn-beijing+dir-2051660961" });
        var code = await ecd.SendCodeAsync();

        (await ecd.SendAsync(ecd.AttachCen(code, site))).ShouldBeError(400, error);

        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task To_attach_the_same_CEN_once_more_takes_a_new_code()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        ecd.Server.OfficeSites.Put(ecd.Site(Free).AttachedTo(Call.Cen));

        Assert.Equal(200, (await ecd.SendAsync(ecd.AttachCen(await ecd.SendCodeAsync()))).Status);

        Assert.Equal(Call.Cen, ecd.Site(Free).CenId);
    }

    [Theory]
    [InlineData("RegionId", "MissingRegionId")]
    [InlineData("CenId", "MissingCenId")]
    [InlineData("OfficeSiteId", "MissingOfficeSiteId")]
    [InlineData("VerifyCode", "MissingVerifyCode")]
    public async Task A_missing_parameter_is_named(string parameter, string code)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.AttachCen("123456").Without(parameter))).ShouldBeError(400, code);
    }

    [Theory]
    [InlineData("RegionId", "CN_HANGZHOU")]
    [InlineData("CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("CenOwnerId", "alice")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameter, string value)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.AttachCen("123456").With(parameter, value));

        answer.ShouldBeError(400, "InvalidParameter." + parameter);
    }
}
