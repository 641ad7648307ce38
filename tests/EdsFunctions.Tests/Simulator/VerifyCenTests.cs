namespace EdsFunctions.Tests.Simulator;

public sealed class VerifyCenTests
{
    [Fact]
    public async Task The_code_of_the_owner_opens_the_CEN()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        var answer = await ecd.SendAsync(ecd.VerifyCen(code));

        Assert.Equal((200, "Access"), (answer.Status, answer.Text("Status")));
        Assert.Equal(answer.Headers["x-acs-request-id"], answer.Text("RequestId"));
        Assert.Equal(
            [("10.0.0.0/12", "cn-hangzhou", "Access"), ("172.16.0.0/16", "cn-hangzhou", "Access")],
            Routes(answer).Select(route => (
                route.GetProperty("DestinationCidrBlock").GetString(),
                route.GetProperty("RegionId").GetString(),
                route.GetProperty("Status").GetString())));
        Assert.All(Routes(answer), route => Assert.StartsWith("vpc-", route.GetProperty("NextHopInstanceId").GetString()));
        Assert.False(answer.Json.TryGetProperty("CidrBlocks", out _));
    }

    [Fact]
    public async Task A_CEN_of_ones_own_needs_no_code()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.VerifyCen("").Without("CenOwnerId").Without("VerifyCode"));

        Assert.Equal((200, "Access"), (answer.Status, answer.Text("Status")));
    }

    [Theory]
    [InlineData("10.0.0.0/12", "10.0.0.0/12", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")]
    [InlineData("10.15.255.0/24", "10.0.0.0/12", "192.168.0.0/24", "192.168.1.0/24", "192.168.2.0/24")]
    [InlineData("172.16.0.0/12", "172.16.0.0/16", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")]
    [InlineData("172.16.3.4/32", "172.16.0.0/16", "192.168.0.0/32", "192.168.0.1/32", "192.168.0.2/32")]
    [InlineData("172.16.0.0/16", "172.16.0.0/16", "192.168.0.0/16", "172.17.0.0/16", "172.18.0.0/16")]
    public async Task A_conflict_comes_with_three_free_blocks_of_the_same_size(
        string block, string conflicting, params string[] proposed)
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        var answer = await ecd.SendAsync(ecd.VerifyCen(code).With("CidrBlock", block));

        Assert.Equal((200, "Conflict"), (answer.Status, answer.Text("Status")));
        Assert.Equal(proposed, Blocks(answer));
        Assert.Equal(
            [conflicting],
            Routes(answer)
                .Where(route => route.GetProperty("Status").GetString() == "Conflict")
                .Select(route => route.GetProperty("DestinationCidrBlock").GetString()));
        foreach (var free in proposed)
        {
            var second = await ecd.SendAsync(ecd.VerifyCen(code).With("CidrBlock", free));
            Assert.Equal("Access", second.Text("Status"));
        }
    }

    [Fact]
    public async Task The_free_blocks_may_come_as_text_that_holds_the_array()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { CidrBlocksAsText = true });
        var code = await ecd.SendCodeAsync();

        var answer = await ecd.SendAsync(ecd.VerifyCen(code).With("CidrBlock", "172.16.0.0/24"));

        Assert.Equal(["""["192.168.0.0/24","192.168.1.0/24","192.168.2.0/24"]"""], Blocks(answer));
        Assert.Contains("""["[\"192.168.0.0/24\",""", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_code_is_told_until_there_were_too_many()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { MaxWrongCodes = 2 });
        var code = await ecd.SendCodeAsync();

        Assert.Equal("VerifyCode.InvalidTokenCode", await StatusOfAsync(ecd, ecd.VerifyCen("wrong")));
        Assert.Equal("Access", await StatusOfAsync(ecd, ecd.VerifyCen(code)));
        Assert.Equal("VerifyCode.InvalidTokenCode", await StatusOfAsync(ecd, ecd.VerifyCen("wrong")));
        Assert.Equal("VerifyCode.ReachTokenRetryTime", await StatusOfAsync(ecd, ecd.VerifyCen("wrong")));
        Assert.Equal("VerifyCode.ReachTokenRetryTime", await StatusOfAsync(ecd, ecd.VerifyCen(code)));

        Assert.Equal("Access", await StatusOfAsync(ecd, ecd.VerifyCen(await ecd.SendCodeAsync())));
    }

    [Fact]
    public async Task Five_wrong_codes_are_told_so()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendCodeAsync();

        for (var n = 0; n < 5; n++)
            Assert.Equal("VerifyCode.InvalidTokenCode", await StatusOfAsync(ecd, ecd.VerifyCen("wrong")));

        Assert.Equal("VerifyCode.ReachTokenRetryTime", await StatusOfAsync(ecd, ecd.VerifyCen("wrong")));
    }

    [Fact]
    public async Task A_code_expires()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();

        ecd.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal("Access", await StatusOfAsync(ecd, ecd.VerifyCen(code)));

        ecd.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("VerifyCode.InvalidTokenCode", await StatusOfAsync(ecd, ecd.VerifyCen(code)));
    }

    [Fact]
    public async Task Only_the_latest_code_counts()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var first = await ecd.SendCodeAsync();
        string second;
        do
            second = await ecd.SendCodeAsync();
        while (second == first);

        Assert.Equal("VerifyCode.InvalidTokenCode", await StatusOfAsync(ecd, ecd.VerifyCen(first)));
        Assert.Equal("Access", await StatusOfAsync(ecd, ecd.VerifyCen(second)));
    }

    [Fact]
    public async Task A_code_is_good_for_one_CEN_only()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        string other;
        do
        {
            await ecd.SendAsync(ecd.Call().With("ExtraInfo", $$"""{"cenOwnerId":{{Call.Owner}},"cenId":"cen-other"}"""));
            other = ecd.Server.Outbox.Messages[^1].Code;
        }
        while (other == code);

        var answer = await StatusOfAsync(ecd, ecd.VerifyCen(code).With("CenId", "cen-other"));

        Assert.Equal("VerifyCode.InvalidTokenCode", answer);
    }

    [Fact]
    public async Task A_CEN_that_no_code_was_sent_for_is_unknown()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendAsync(ecd.CallFor(Call.Cen));

        var status = await StatusOfAsync(ecd, ecd.VerifyCen(ecd.Server.Outbox.Messages[^1].Code));

        Assert.Equal("InvalidCen.ParameterCenInstanceId", status);
    }

    [Fact]
    public async Task The_first_owner_that_a_code_was_sent_for_owns_the_CEN()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var code = await ecd.SendCodeAsync();
        await ecd.SendAsync(ecd.Call().With("ExtraInfo", $$"""{"cenOwnerId":{{Call.AnotherOwner}},"cenId":"{{Call.Cen}}"}"""));
        var toAnother = ecd.Server.Outbox.Messages[^1].Code;

        var ofAnother = await StatusOfAsync(ecd, ecd.VerifyCen(toAnother).With("CenOwnerId", Call.AnotherOwner));
        var ofOnesOwn = await StatusOfAsync(ecd, ecd.VerifyCen("").Without("CenOwnerId"));
        var ofTheOwner = await StatusOfAsync(ecd, ecd.VerifyCen(code));

        Assert.Equal(
            ("InvalidCen.CenUidInvalid", "InvalidCen.CenUidInvalid", "Access"), (ofAnother, ofOnesOwn, ofTheOwner));
    }

    [Theory]
    [InlineData("RegionId", "MissingRegionId")]
    [InlineData("CenId", "MissingCenId")]
    [InlineData("CidrBlock", "MissingCidrBlock")]
    [InlineData("VerifyCode", "MissingVerifyCode")]
    public async Task A_missing_parameter_is_named(string parameter, string code)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.VerifyCen("123456").Without(parameter))).ShouldBeError(400, code);
    }

    [Theory]
    [InlineData("RegionId", "CN_HANGZHOU")]
    [InlineData("CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("CenOwnerId", "")]
    [InlineData("CenOwnerId", "0")]
    [InlineData("CenOwnerId", "-1")]
    [InlineData("CenOwnerId", "alice")]
    [InlineData("CidrBlock", "192.168.0.0")]
    [InlineData("CidrBlock", "192.168.0.0/")]
    [InlineData("CidrBlock", "192.168.0.0/33")]
    [InlineData("CidrBlock", "192.168.0.0/+16")]
    [InlineData("CidrBlock", "192.168.0.0/016")]
    [InlineData("CidrBlock", "192.168.0.0/16/16")]
    [InlineData("CidrBlock", "192.168.0.1/16")]
    [InlineData("CidrBlock", "192.168/16")]
    [InlineData("CidrBlock", "192.168.0.256/32")]
    [InlineData("CidrBlock", "192.168.0.00/16")]
    [InlineData("CidrBlock", " 192.168.0.0/16")]
    [InlineData("CidrBlock", "10.0.0.0/11")]
    [InlineData("CidrBlock", "fd00::/16")]
    [InlineData("CidrBlock", "office")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameter, string value)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.VerifyCen("123456").With(parameter, value));

        answer.ShouldBeError(400, "InvalidParameter." + parameter);
    }

    private static async Task<string?> StatusOfAsync(RunningSimulator ecd, Call call)
    {
        var answer = await ecd.SendAsync(call);
        Assert.Equal(200, answer.Status);
        Assert.NotEmpty(answer.Text("RequestId")!);
        return answer.Text("Status");
    }

    private static IEnumerable<string?> Blocks(Answer answer) =>
        answer.Json.GetProperty("CidrBlocks").EnumerateArray().Select(block => block.GetString());

    private static IReadOnlyList<JsonElement> Routes(Answer answer) =>
        [.. answer.Json.GetProperty("RouteEntries").EnumerateArray()];
}
