namespace EdsFunctions.Tests.Simulator;

/// <summary>
/// The simulator's own routes under <c>/_simulator</c>. The tests send bodies with the content type of a form, as
/// <c>curl -d</c> does.
/// </summary>
public sealed class ControlTests : SimulatorTest
{
    [Fact]
    public async Task Outbox_GetAndDelete_ListsOldestFirstAndClears()
    {
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-one"));
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-two"));

        Assert.Equal(["cen-one", "cen-two"], (await Ecd.ItemsAsync("outbox")).Select(item => item.Text("cenId")));
        Assert.Equal(
            ["regionId", "cenId", "cenOwnerId", "code", "sentAt", "requestId"],
            Assert.Single(await Ecd.ItemsAsync("outbox?cenId=cen-one")).Names());
        Assert.Equal(204, (await Ecd.ControlAsync("DELETE", "outbox")).Status);
        Assert.Empty(await Ecd.ItemsAsync("outbox"));
    }

    [Fact]
    public async Task Requests_Get_ListsRejectedOnesTooWithoutHeaders()
    {
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-one") with { AccessKeySecret = "wrong" });
        var call = Ecd.SendVerifyCode();
        var response = await Ecd.SendAsync(call);

        var (all, last) = (await Ecd.ItemsAsync("requests"), Ecd.Server.Requests.Items[^1]);

        Assert.Equal(["SignatureDoesNotMatch", "OK"], all.Select(item => item.Text("outcome")));
        Assert.Equal(
            ["action", "method", "target", "cenId", "nonce", "date", "receivedAt", "requestId", "outcome"],
            Assert.Single(await Ecd.ItemsAsync($"requests?cenId={RunningSimulator.Cen}")).Names());
        Assert.Equal(
            new LoggedRequest("SendVerifyCode", "POST", "/?" + call.CanonicalQuery, RunningSimulator.Cen, call.Nonce,
                call.Date, Ecd.Time.GetUtcNow(), response["RequestId"]!, "OK", last.Headers),
            last);
        Assert.Equal(Ecd.Server.Url.Authority, last.Headers["HOST"]);
    }

    [Fact]
    public async Task Faults_PostGetDelete_AddsListsAndClears()
    {
        var added = await Ecd.ControlAsync("POST", "faults",
            """{"kind":"closeAfterWork","action":"SendVerifyCode","cenId":"cen-one","times":3}""");

        var fault = Assert.Single(await Ecd.ItemsAsync("faults"));
        var cleared = await Ecd.ControlAsync("DELETE", "faults");

        Assert.Equal((200, 204), (added.Status, cleared.Status));
        Assert.Equal(
            """{"kind":"closeAfterWork","action":"SendVerifyCode","cenId":"cen-one","times":3,"retryAfterMs":null}""",
            fault.GetRawText());
        Assert.Empty(await Ecd.ItemsAsync("faults"));
    }

    [Theory]
    [InlineData("SendVerifyCode")]
    [InlineData("VerifyCen")]
    [InlineData("AttachCen")]
    [InlineData("DescribeOfficeSites")]
    public async Task Faults_Denied_NamesTheRamActionOfTheOperation(string action)
    {
        await Ecd.ControlAsync("POST", "faults", $$"""{"kind":"denied","action":"{{action}}"}""");

        var response = await Ecd.SendAsync(Ecd.CallTo(action));

        response.ShouldBeError(403, "Forbidden.RAM");
        Assert.Equal("ecd:" + action, response["AccessDeniedDetail.AuthAction"]);
    }

    [Theory]
    [InlineData(FaultKind.CloseBeforeWork, "closeBeforeWork", false)]
    [InlineData(FaultKind.CloseAfterWork, "closeAfterWork", true)]
    public async Task Faults_CloseBeforeOrAfterWork_EndsTheConnection(FaultKind kind, string outcome, bool attached)
    {
        var code = await Ecd.SendCodeAsync();
        var call = Ecd.AttachCen(code);
        Ecd.Server.Faults.Add(new Fault(kind, "AttachCen", RunningSimulator.Cen));

        await Assert.ThrowsAsync<HttpRequestException>(() => Ecd.SendAsync(call));

        Assert.Equal(outcome, Ecd.Server.Requests.Items[^1].Outcome);
        Assert.Equal(attached ? RunningSimulator.Cen : null, Ecd.Site().CenId);
        // The request used up its nonce, and its work used up the code.
        (await Ecd.SendAsync(call)).ShouldBeError(400, "SignatureNonceUsed");
        Assert.Equal(attached ? 400 : 200, (await Ecd.SendAsync(Ecd.AttachCen(code))).Status);
    }

    [Fact]
    public async Task Faults_Hang_SendsNoResponseAndEndsWithTheServer()
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
    public async Task Faults_Times_ApplyToMatchingValidRequestsOnly()
    {
        Ecd.Server.Faults.Add(new Fault(FaultKind.Throttle, "SendVerifyCode", "cen-one", Times: 2));
        Ecd.Server.Faults.Add(new Fault(FaultKind.Unavailable, CenId: "cen-one"));
        var call = Ecd.SendVerifyCode().WithOwnCen("cen-one");

        // These requests do not match the fault: another CEN, another operation, and invalid requests.
        (await Ecd.SendAsync(Ecd.SendVerifyCode())).ShouldSucceed();
        (await Ecd.SendAsync(Ecd.CallTo("DescribeOfficeSites"))).ShouldSucceed();
        (await Ecd.SendAsync(call with { AccessKeySecret = "wrong" })).ShouldBeError(400, "SignatureDoesNotMatch");
        (await Ecd.SendAsync(call.Without("RegionId"))).ShouldBeError(400, "MissingRegionId");

        foreach (var status in new[] { 400, 400, 503, 200 })
            Assert.Equal(status, (await Ecd.SendAsync(call with { Nonce = Guid.NewGuid().ToString() })).Status);

        Assert.Single(await Ecd.ItemsAsync("outbox?cenId=cen-one"));
        Assert.Empty(Ecd.Server.Faults.Items);
    }

    [Fact]
    public async Task OfficeSites_Get_ListsAllUsedRegions()
    {
        var before = await Ecd.ItemsAsync("office-sites");
        await Ecd.SendAsync(Ecd.CallTo("DescribeOfficeSites").With("RegionId", "cn-beijing"));

        var after = await Ecd.ItemsAsync("office-sites");
        var attached = await Ecd.ItemsAsync("office-sites?cenId=cen-3gwy16dojz1m65abcd");

        Assert.Equal((3, 6, 2), (before.Count, after.Count, attached.Count));
        Assert.Equal(["regionId", "officeSiteId", "name", "cenId", "cenAttachStatus", "cidrBlock"], after[0].Names());
    }

    [Fact]
    public async Task OfficeSites_Post_AddsAttachesAndDetaches()
    {
        var added = await Ecd.ControlAsync("POST", "office-sites",
            """
            {"regionId":"cn-beijing","name":"berlin","cenId":"cen-one","cenAttachStatus":"trying",
             "cidrBlock":"10.1.0.0/16"}
            """);
        var id = added["officeSiteId"]!;
        Assert.StartsWith("cn-beijing+dir-", id, StringComparison.Ordinal);
        Assert.Equal(
            new SimulatedOfficeSite
            {
                RegionId = "cn-beijing",
                OfficeSiteId = id,
                Name = "berlin",
                CenId = "cen-one",
                CenAttachStatus = "trying",
                CidrBlock = "10.1.0.0/16",
            },
            Ecd.Site(id));

        foreach (var (cenId, status) in new[] { ("cen-two", "attached"), ("", null) })
        {
            await Ecd.ControlAsync(
                "POST", "office-sites", $$"""{"regionId":"cn-beijing","officeSiteId":"{{id}}","cenId":"{{cenId}}"}""");
            Assert.Equal((status is null ? null : cenId, status), (Ecd.Site(id).CenId, Ecd.Site(id).CenAttachStatus));
            Assert.Equal("berlin", Ecd.Site(id).Name);
        }
    }

    [Theory]
    [InlineData("faults", "", "JSON")]
    [InlineData("faults", "null", "must be a JSON object")]
    [InlineData("faults", "{}", "kind")]
    [InlineData("faults", """{"kind":"explode"}""", "throttle, unavailable, hang, closeBeforeWork")]
    [InlineData("faults", """{"kind":"0"}""", "kind")]
    [InlineData("faults", """{"kind":"Hang"}""", "kind")]
    [InlineData("faults", """{"kind":"hang","time":1}""", "'time'")]
    [InlineData("faults", """{"kind":"hang","times":0}""", "times")]
    [InlineData("faults", """{"kind":"hang","action":"Nothing"}""", "action must be one of SendVerifyCode")]
    [InlineData("faults", """{"kind":"hang","retryAfterMs":1}""", "retryAfterMs")]
    [InlineData("faults", """{"kind":"throttle","retryAfterMs":-1}""", "retryAfterMs")]
    [InlineData("office-sites", "null", "must be a JSON object")]
    [InlineData("office-sites", "{}", "regionId is required")]
    [InlineData("office-sites", """{"regionId":"CN"}""", "regionId must be")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","region":"x"}""", "'region'")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","officeSiteId":""}""", "must look like cn-hangzhou+dir-")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","officeSiteId":"cn-beijing+dir-1"}""", "officeSiteId")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","name":" "}""", "name must not be empty")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenId":"vpc-1"}""", "cenId must look like cen-")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenId":"cen-1","cenAttachStatus":""}""", "set together")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenAttachStatus":"attached"}""", "must be set together")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cidrBlock":"10.0.0.1/12"}""", "cidrBlock")]
    public async Task Post_MalformedBody_Returns400WithTheErrorAndChangesNothing(string path, string body, string error)
    {
        var response = await Ecd.ControlAsync("POST", path, body);

        Assert.Equal(400, response.Status);
        Assert.Contains(error, response["error"], StringComparison.Ordinal);
        Assert.Empty(Ecd.Server.Faults.Items);
        Assert.Equal(3, Ecd.Server.OfficeSites.Items.Count);
    }
}
