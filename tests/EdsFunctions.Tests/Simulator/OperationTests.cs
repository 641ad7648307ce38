namespace EdsFunctions.Tests.Simulator;

/// <summary>The operations of the simulator. The tests of the app cover their usual order.</summary>
public sealed class OperationTests : SimulatorTest
{
    private const string Access = "Access";
    private const string Wrong = "VerifyCode.InvalidTokenCode";
    private const string TooMany = "VerifyCode.ReachTokenRetryTime";
    private const string WrongOwner = "InvalidCen.CenUidInvalid";
    private const string NoSuchCen = "InvalidCen.ParameterCenInstanceId";

    [Theory]
    [InlineData("SendVerifyCode", "RegionId", "VerifyCodeAction")]
    [InlineData("VerifyCen", "RegionId", "CenId", "CidrBlock", "VerifyCode")]
    [InlineData("AttachCen", "RegionId", "CenId", "OfficeSiteId", "VerifyCode")]
    [InlineData("DescribeOfficeSites", "RegionId")]
    public async Task Call_ParameterIsMissing_IsNamed(string action, params string[] parameters)
    {
        foreach (var parameter in parameters)
            (await Ecd.SendAsync(Ecd.CallTo(action).Without(parameter))).ShouldBeError(400, "Missing" + parameter);
    }

    [Theory]
    [InlineData("SendVerifyCode", "RegionId", "CN_HANGZHOU", "cn--hangzhou")]
    [InlineData("SendVerifyCode", "VerifyCodeAction", "something_else")]
    [InlineData("SendVerifyCode", "ExtraInfo", "", "not json", "[]", "{}", """{"CenId":"cen-a"}""", """{"cenId":1}""")]
    [InlineData("SendVerifyCode", "ExtraInfo", """{"cenId":"\ud800"}""", """{"cenId":"vpc-3weq30r6t0s7t4abcd"}""")]
    [InlineData("SendVerifyCode", "ExtraInfo", """{"cenId":"cen-a","cenOwnerId":"12"}""")]
    [InlineData("SendVerifyCode", "ExtraInfo", """{"cenId":"cen-a","cenOwnerId":0}""")]
    [InlineData("VerifyCen", "CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("VerifyCen", "CenOwnerId", "", "0", "-1", "alice", "12345678901234567890")]
    [InlineData("VerifyCen", "CidrBlock", "192.168.0.0", "192.168.0.0/33", "192.168.0.0/016", "192.168.0.1/16")]
    [InlineData("VerifyCen", "CidrBlock", "192.168/16")]
    [InlineData("VerifyCen", "CidrBlock", "192.168.0.256/32", " 192.168.0.0/16", "10.0.0.0/11", "fd00::/16", "office")]
    [InlineData("AttachCen", "CenId", "vpc-3weq30r6t0s7t4abcd")]
    [InlineData("DescribeOfficeSites", "MaxResults", "", "0", "101", "-1", "many")]
    [InlineData("DescribeOfficeSites", "NextToken", "not-a-token")]
    public async Task Call_ParameterIsMalformed_IsNamed(string action, string parameter, params string[] values)
    {
        foreach (var value in values)
        {
            var response = await Ecd.SendAsync(Ecd.CallTo(action).With(parameter, value));
            response.ShouldBeError(400, "InvalidParameter." + parameter);
        }
    }

    [Fact]
    public async Task SendVerifyCode_WithAndWithoutOwner_SendsAnEmail()
    {
        var requestId = (await Ecd.SendAsync(Ecd.SendVerifyCode())).ShouldSucceed()["RequestId"]!;
        Assert.Matches("^[0-9]{6}$", Ecd.LastCode);
        Assert.Equal(
            [new("cn-hangzhou", RunningSimulator.Cen, 1234567890123456, Ecd.LastCode, Ecd.Time.GetUtcNow(), requestId)],
            Ecd.Server.Outbox.Messages);
        Assert.Equal(
            $"[simulator] e-mail to the owner of {RunningSimulator.Cen}: verification code {Ecd.LastCode}",
            Ecd.Mail.TrimEnd());

        (await Ecd.SendAsync(Ecd.SendVerifyCode().Without("ExtraInfo"))).ShouldSucceed();
        (await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen(RunningSimulator.Cen))).ShouldSucceed();
        Assert.Equal(
            [(null, null), (RunningSimulator.Cen, null)],
            Ecd.Server.Outbox.Messages.Skip(1).Select(message => (message.CenId, message.CenOwnerId)));
    }

    [Fact]
    public async Task VerifyAndAttach_OwnCen_NeedNoCode()
    {
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen("").Without("CenOwnerId", "VerifyCode")));
        (await Ecd.SendAsync(Ecd.AttachCen("").Without("CenOwnerId", "VerifyCode"))).ShouldSucceed();
    }

    [Theory]
    [InlineData("10.0.0.0/12", "10.0.0.0/12", "10.16.0.0/12", "10.32.0.0/12", "10.48.0.0/12")]
    [InlineData("10.15.255.0/24", "10.0.0.0/12", "192.168.0.0/24", "192.168.1.0/24", "192.168.2.0/24")]
    [InlineData("172.16.3.4/32", "172.16.0.0/16", "192.168.0.0/32", "192.168.0.1/32", "192.168.0.2/32")]
    [InlineData("172.16.0.0/16", "172.16.0.0/16", "192.168.0.0/16", "172.17.0.0/16", "172.18.0.0/16")]
    public async Task VerifyCen_Conflict_ProposesThreeFreeBlocksOfTheSameSize(
        string block, string conflicting, params string[] proposed)
    {
        var code = await Ecd.SendCodeAsync();

        var response = (await Ecd.SendAsync(Ecd.VerifyCen(code).With("CidrBlock", block))).ShouldSucceed();

        Assert.Equal("Conflict", response["Status"]);
        Assert.Equal(
            proposed, response.Json.GetProperty("CidrBlocks").EnumerateArray().Select(free => free.GetString()));
        var route = Assert.Single(
            response.Json.GetProperty("RouteEntries").EnumerateArray(), route => route.Text("Status") == "Conflict");
        Assert.Equal(conflicting, route.Text("DestinationCidrBlock"));
        foreach (var free in proposed)
            Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code).With("CidrBlock", free)));
    }

    [Fact]
    public async Task VerifyCen_CidrBlocksAsText_ReturnsTheArrayInAString()
    {
        await using var ecd = await RunningSimulator.StartAsync(new SimulatorOptions { CidrBlocksAsText = true });
        var code = await ecd.SendCodeAsync();

        var response = await ecd.SendAsync(ecd.VerifyCen(code).With("CidrBlock", "172.16.0.0/24"));

        Assert.Equal(
            """["192.168.0.0/24","192.168.1.0/24","192.168.2.0/24"]""",
            Assert.Single(response.Json.GetProperty("CidrBlocks").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task VerifyAndAttach_AfterFiveWrongCodes_RequireANewCode()
    {
        var code = await Ecd.SendCodeAsync();

        for (var n = 0; n < 4; n++)
        {
            Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(code)));
            Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen("wrong")));
        }

        (await Ecd.SendAsync(Ecd.AttachCen("wrong"))).ShouldBeError(400, Wrong);
        Assert.Equal(TooMany, await StatusAsync(Ecd.VerifyCen(code)));
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldBeError(400, TooMany);
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(await Ecd.SendCodeAsync())));
    }

    [Fact]
    public async Task VerifyCen_CodeIsReplacedExpiredOrOfAnotherCen_IsRejected()
    {
        var first = await Ecd.SendCodeAsync();
        var second = await Ecd.SendCodeAsync(unlike: first);
        await Ecd.SendCodeAsync("cen-other", unlike: second);
        var toAnother = await Ecd.SendCodeAsync(ownerId: RunningSimulator.AnotherOwner);

        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(first)));
        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(second).With("CenId", "cen-other")));
        Assert.Equal(NoSuchCen, await StatusAsync(Ecd.VerifyCen(second).With("CenId", "cen-new")));
        Assert.Equal(
            WrongOwner, await StatusAsync(Ecd.VerifyCen(toAnother).With("CenOwnerId", RunningSimulator.AnotherOwner)));
        Assert.Equal(WrongOwner, await StatusAsync(Ecd.VerifyCen("").Without("CenOwnerId")));
        Ecd.Time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(Access, await StatusAsync(Ecd.VerifyCen(second)));
        Ecd.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(second)));
    }

    [Fact]
    public async Task AttachCen_ConcurrentCallsWithOneCode_OneSucceeds()
    {
        var code = await Ecd.SendCodeAsync();
        string[] sites = [.. Enumerable.Range(1, 4).Select(n => $"cn-hangzhou+dir-{n}")];
        foreach (var site in sites)
            Ecd.Server.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = site });

        var responses = await Task.WhenAll(sites.Select(site => Ecd.SendAsync(Ecd.AttachCen(code, site))));

        Assert.Equal([200, 400, 400, 400], responses.Select(response => response.Status).Order());
        Assert.Single(sites, site => Ecd.Site(site) is { CenId: RunningSimulator.Cen, CenAttachStatus: "attached" });
        Assert.Equal(Wrong, await StatusAsync(Ecd.VerifyCen(code)));
    }

    [Theory]
    [InlineData("CenOwnerId", RunningSimulator.AnotherOwner, WrongOwner)]
    [InlineData("CenId", "cen-unknown", NoSuchCen)]
    [InlineData("OfficeSiteId", "cn-hangzhou+dir-1", "InvalidOfficeSite.NotFound")]
    [InlineData("OfficeSiteId", "cn-beijing+dir-2051660961", "InvalidOfficeSite.NotFound")]
    [InlineData("OfficeSiteId", RunningSimulator.AttachedSite, "InvalidOfficeSite.CenAttached")]
    public async Task AttachCen_Fails_DoesNotUseUpTheCode(string parameter, string value, string error)
    {
        Ecd.Server.OfficeSites.Put(
            new SimulatedOfficeSite { RegionId = "cn-beijing", OfficeSiteId = "cn-beijing+dir-2051660961" });
        var code = await Ecd.SendCodeAsync();

        (await Ecd.SendAsync(Ecd.AttachCen(code).With(parameter, value))).ShouldBeError(400, error);

        Assert.Null(Ecd.Site().CenId);
        (await Ecd.SendAsync(Ecd.AttachCen(code))).ShouldSucceed();
        // A repeat of the attachment needs a new code.
        (await Ecd.SendAsync(Ecd.AttachCen(await Ecd.SendCodeAsync()))).ShouldSucceed();
    }

    [Fact]
    public async Task DescribeOfficeSites_NewRegion_ListsTheThreeInitialOnes()
    {
        var response = (await Ecd.SendAsync(List().With("RegionId", "eu-central-1"))).ShouldSucceed();

        Assert.Equal(
            [
                ("eu-central-1+dir-2051660961", "office-free", "192.168.0.0/16", null, null),
                ("eu-central-1+dir-2051660962", "office-in-conflict", "172.16.0.0/20", null, null),
                (
                    "eu-central-1+dir-2051660963", "office-attached", "172.31.0.0/20",
                    "cen-3gwy16dojz1m65abcd", "attached"),
            ],
            response.Json.GetProperty("OfficeSites").EnumerateArray().Select(site => (
                site.Text("OfficeSiteId"),
                site.Text("Name"),
                site.Text("CidrBlock"),
                site.Text("CenId"),
                site.Text("CenAttachStatus"))));
        // Each office network has four fields that are secret, which contain the marker.
        var first = response.Json.GetProperty("OfficeSites")[0].GetRawText();
        Assert.Equal(4 + 1, first.Split(OfficeSiteSecrets.Mark).Length);
    }

    [Fact]
    public async Task DescribeOfficeSites_ByIds_ListsThoseUpToAHundred()
    {
        var response = await Ecd.SendAsync(List()
            .With("OfficeSiteId.1", RunningSimulator.AttachedSite)
            .With("OfficeSiteId.2", "cn-hangzhou+dir-1")
            .With("OfficeSiteId.3", RunningSimulator.FreeSite));
        Call ListMany(int count) => Enumerable.Range(1, count).Aggregate(
            List(), (call, n) => call.With($"OfficeSiteId.{n}", $"cn-hangzhou+dir-{n}"));

        Assert.Equal([RunningSimulator.FreeSite, RunningSimulator.AttachedSite], Ids(response));
        Assert.Equal(200, (await Ecd.SendAsync(ListMany(100))).Status);
        Assert.Equal(400, (await Ecd.SendAsync(ListMany(101))).Status);
    }

    [Theory]
    [InlineData(null, 10, 10, 5)]
    [InlineData("25", 25)]
    public async Task DescribeOfficeSites_ManyOfficeSites_ListsThemInPages(string? maxResults, params int[] pages)
    {
        for (var n = 0; n < 22; n++)
        {
            Ecd.Server.OfficeSites.Put(
                new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = $"cn-hangzhou+dir-{n}" });
        }

        List<ApiResponse> responses = [];
        for (var token = ""; responses.Count == 0 || token != ""; token = responses[^1]["NextToken"]!)
        {
            var call = List().With("NextToken", token);
            responses.Add(await Ecd.SendAsync(maxResults is null ? call : call.With("MaxResults", maxResults)));
        }

        Assert.Equal(pages, responses.Select(response => Ids(response).Count()));
        Assert.All(responses, response => Assert.Equal("25", response["TotalCount"]));
        Assert.Equal(Ecd.Server.OfficeSites.Items.Select(site => site.OfficeSiteId), responses.SelectMany(Ids));
    }

    private async Task<string?> StatusAsync(Call call) => (await Ecd.SendAsync(call)).ShouldSucceed()["Status"];

    private Call List() => Ecd.CallTo("DescribeOfficeSites");

    private static IEnumerable<string?> Ids(ApiResponse response) =>
        response.Json.GetProperty("OfficeSites").EnumerateArray().Select(site => site.Text("OfficeSiteId"));
}
