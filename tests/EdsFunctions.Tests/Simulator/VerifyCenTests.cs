namespace EdsFunctions.Tests.Simulator;

public sealed class VerifyCenTests : SimulatorTest
{
    private const string Access = "Access";
    private const string Wrong = "VerifyCode.InvalidTokenCode";
    private const string TooMany = "VerifyCode.ReachTokenRetryTime";

    [Fact]
    public async Task The_code_of_the_owner_opens_the_CEN()
    {
        var response = (await Ecd.SendAsync(Ecd.VerifyCen(await Ecd.SendCodeAsync()))).ShouldSucceed();

        Assert.Equal(Access, response.Text("Status"));
        Assert.Equal(
            [("10.0.0.0/12", "cn-hangzhou", Access), ("172.16.0.0/16", "cn-hangzhou", Access)],
            response.Items("RouteEntries").Select(route => (
                route.Text("DestinationCidrBlock"), route.Text("RegionId"), route.Text("Status"))));
        Assert.All(
            response.Items("RouteEntries"), route => Assert.StartsWith("vpc-", route.Text("NextHopInstanceId")));
        Assert.False(response.Json.TryGetProperty("CidrBlocks", out _));
    }

    [Fact]
    public async Task The_callers_own_CEN_needs_no_code() =>
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen("").Without("CenOwnerId", "VerifyCode")));

    [Theory]
    [InlineData("10.0.0.0/12", "10.0.0.0/12", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")]
    [InlineData("10.15.255.0/24", "10.0.0.0/12", "192.168.0.0/24", "192.168.1.0/24", "192.168.2.0/24")]
    [InlineData("172.16.0.0/12", "172.16.0.0/16", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")]
    [InlineData("172.16.3.4/32", "172.16.0.0/16", "192.168.0.0/32", "192.168.0.1/32", "192.168.0.2/32")]
    [InlineData("172.16.0.0/16", "172.16.0.0/16", "192.168.0.0/16", "172.17.0.0/16", "172.18.0.0/16")]
    public async Task A_conflict_comes_with_three_free_blocks_of_the_same_size(
        string block, string conflicting, params string[] proposed)
    {
        var code = await Ecd.SendCodeAsync();

        var response = (await Ecd.SendAsync(Ecd.VerifyCen(code).With("CidrBlock", block))).ShouldSucceed();

        Assert.Equal("Conflict", response.Text("Status"));
        Assert.Equal(proposed, response.Items("CidrBlocks").Select(free => free.GetString()));
        var route = Assert.Single(response.Items("RouteEntries"), route => route.Text("Status") == "Conflict");
        Assert.Equal(conflicting, route.Text("DestinationCidrBlock"));
        foreach (var free in proposed)
            Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code).With("CidrBlock", free)));
    }

    [Fact]
    public async Task The_free_blocks_may_come_as_a_string_that_holds_the_array()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { CidrBlocksAsText = true });
        var code = await ecd.SendCodeAsync();

        var response = await ecd.SendAsync(ecd.VerifyCen(code).With("CidrBlock", "172.16.0.0/24"));

        Assert.Equal(
            """["192.168.0.0/24","192.168.1.0/24","192.168.2.0/24"]""",
            Assert.Single(response.Items("CidrBlocks")).GetString());
        Assert.Contains("""["[\"192.168.0.0/24\",""", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_five_wrong_codes_only_a_new_one_helps()
    {
        var code = await Ecd.SendCodeAsync();

        for (var n = 0; n < 5; n++)
        {
            Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code)));
            Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen("wrong")));
        }

        Assert.Equal(TooMany, await StatusAsync(Ecd.VerifyCen("wrong")));
        Assert.Equal(TooMany, await StatusAsync(Ecd.VerifyCen(code)));
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(await Ecd.SendCodeAsync())));
    }

    [Fact]
    public async Task A_code_expires_after_ten_minutes()
    {
        var code = await Ecd.SendCodeAsync();

        Ecd.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code)));

        Ecd.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(code)));
    }

    [Fact]
    public async Task Only_the_latest_code_is_valid_and_for_its_own_CEN_only()
    {
        var first = await Ecd.SendCodeAsync();
        var second = await Ecd.SendCodeAsync(unlike: first);
        await Ecd.SendCodeAsync("cen-other", unlike: second);

        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(first)));
        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(second).With("CenId", "cen-other")));
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(second)));
    }

    [Fact]
    public async Task A_CEN_that_no_code_was_sent_for_is_unknown()
    {
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen(RunningSimulator.Cen));

        Assert.Equal("InvalidCen.ParameterCenInstanceId", await StatusAsync(Ecd.VerifyCen(Ecd.LastCode)));
    }

    [Fact]
    public async Task The_first_owner_that_a_code_was_sent_to_owns_the_CEN()
    {
        var code = await Ecd.SendCodeAsync();
        var toAnother = await Ecd.SendCodeAsync(ownerId: RunningSimulator.AnotherOwner);

        var another = await StatusAsync(Ecd.VerifyCen(toAnother).With("CenOwnerId", RunningSimulator.AnotherOwner));
        var caller = await StatusAsync(Ecd.VerifyCen("").Without("CenOwnerId"));

        Assert.Equal(("InvalidCen.CenUidInvalid", "InvalidCen.CenUidInvalid"), (another, caller));
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code)));
    }

    private async Task<string?> StatusAsync(Call call) => (await Ecd.SendAsync(call)).ShouldSucceed().Text("Status");
}
