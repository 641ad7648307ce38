namespace EdsFunctions.Tests.Simulator;

/// <summary>The routes under <c>/_simulator</c>; every body is sent as a form, as curl does it.</summary>
public sealed class ControlTests : SimulatorTest
{
    [Fact]
    public async Task The_outbox_lists_emails_oldest_first_and_can_be_emptied()
    {
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-one"));
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-two"));

        var all = await Ecd.ItemsAsync("outbox");
        var one = await Ecd.ItemsAsync("outbox?cenId=cen-one");
        var cleared = await Ecd.ControlAsync("DELETE", "outbox");

        Assert.Equal(["cen-one", "cen-two"], all.Select(item => item.Text("cenId")));
        Assert.Equal(["regionId", "cenId", "cenOwnerId", "code", "sentAt", "requestId"], Assert.Single(one).Names());
        Assert.Equal(204, cleared.Status);
        Assert.Empty(await Ecd.ItemsAsync("outbox"));
    }

    [Fact]
    public async Task The_request_log_lists_refused_requests_too_and_no_headers()
    {
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-one") with { AccessKeySecret = "wrong" });
        await Ecd.SendAsync(Ecd.SendVerifyCode().WithOwnCen("cen-two"));

        var all = await Ecd.ItemsAsync("requests");
        var two = await Ecd.ItemsAsync("requests?cenId=cen-two");

        Assert.Equal(["SignatureDoesNotMatch", "OK"], all.Select(item => item.Text("outcome")));
        Assert.Equal(
            ["action", "method", "target", "cenId", "nonce", "date", "receivedAt", "requestId", "outcome"],
            Assert.Single(two).Names());
    }

    [Fact]
    public async Task Faults_can_be_listed_and_cleared()
    {
        var added = await Ecd.ControlAsync("POST", "faults",
            """{"kind":"closeAfterWork","action":"SendVerifyCode","cenId":"cen-one","times":3}""");

        var fault = Assert.Single(await Ecd.ItemsAsync("faults"));
        var cleared = await Ecd.ControlAsync("DELETE", "faults");

        Assert.Equal((200, 204), (added.Status, cleared.Status));
        Assert.Equal(
            """{"kind":"closeAfterWork","action":"SendVerifyCode","cenId":"cen-one","times":3,"retryAfterMs":null}""",
            fault.GetRawText());
        Assert.Equal(fault.GetRawText(), Assert.Single(added.Items("items")).GetRawText());
        Assert.Empty(await Ecd.ItemsAsync("faults"));
    }

    [Fact]
    public async Task The_office_networks_of_all_regions_used_so_far_are_listed()
    {
        var before = await Ecd.ItemsAsync("office-sites");
        await Ecd.SendAsync(Ecd.CallTo("DescribeOfficeSites").With("RegionId", "cn-beijing"));

        var after = await Ecd.ItemsAsync("office-sites");
        var attached = await Ecd.ItemsAsync("office-sites?cenId=cen-3gwy16dojz1m65abcd");

        Assert.Equal((3, 6, 2), (before.Count, after.Count, attached.Count));
        Assert.Equal(["regionId", "officeSiteId", "name", "cenId", "cenAttachStatus", "cidrBlock"], after[0].Names());
    }

    [Fact]
    public async Task An_office_network_can_be_added()
    {
        var first = await Ecd.ControlAsync("POST", "office-sites", """{"regionId":"cn-beijing"}""");
        var second = await Ecd.ControlAsync("POST", "office-sites",
            """
            {
              "regionId": "cn-beijing",
              "name": "berlin",
              "cenId": "cen-one",
              "cenAttachStatus": "trying",
              "cidrBlock": "10.1.0.0/16"
            }
            """);

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.StartsWith("cn-beijing+dir-", first.Text("officeSiteId"), StringComparison.Ordinal);
        Assert.Equal(
            new SimulatedOfficeSite { RegionId = "cn-beijing", OfficeSiteId = first.Text("officeSiteId")! },
            Ecd.Site(first.Text("officeSiteId")!));
        Assert.Equal(
            new SimulatedOfficeSite
            {
                RegionId = "cn-beijing",
                OfficeSiteId = second.Text("officeSiteId")!,
                Name = "berlin",
                CenId = "cen-one",
                CenAttachStatus = "trying",
                CidrBlock = "10.1.0.0/16",
            },
            Ecd.Site(second.Text("officeSiteId")!));
    }

    [Fact]
    public async Task An_office_network_can_be_attached_and_detached()
    {
        var before = Ecd.Site();

        await Ecd.ControlAsync("POST", "office-sites", Order("cen-one"));
        var attached = Ecd.Site();
        await Ecd.ControlAsync("POST", "office-sites", Order(""));

        Assert.Equal(before with { CenId = "cen-one", CenAttachStatus = "attached" }, attached);
        Assert.Equal(before, Ecd.Site());
        Assert.Equal(3, Ecd.Server.OfficeSites.Items.Count);

        static string Order(string cenId) =>
            $$"""{"regionId":"cn-hangzhou","officeSiteId":"{{RunningSimulator.FreeSite}}","cenId":"{{cenId}}"}""";
    }

    [Theory]
    [InlineData("faults", "", "JSON")]
    [InlineData("faults", "null", "A fault is a JSON object")]
    [InlineData("faults", "{}", "kind")]
    [InlineData("faults", """{"kind":"explode"}""", "throttle, unavailable, hang, closeBeforeWork")]
    [InlineData("faults", """{"kind":"0"}""", "kind")]
    [InlineData("faults", """{"kind":"Hang"}""", "kind")]
    [InlineData("faults", """{"kind":"hang","time":1}""", "'time'")]
    [InlineData("faults", """{"kind":"hang","times":0}""", "times")]
    [InlineData("faults", """{"kind":"hang","action":"Nothing"}""", "action must be one of SendVerifyCode")]
    [InlineData("faults", """{"kind":"hang","retryAfterMs":1}""", "retryAfterMs")]
    [InlineData("faults", """{"kind":"throttle","retryAfterMs":-1}""", "retryAfterMs")]
    [InlineData("office-sites", "", "JSON")]
    [InlineData("office-sites", "null", "An office site is a JSON object")]
    [InlineData("office-sites", "{}", "regionId is required")]
    [InlineData("office-sites", """{"regionId":"CN"}""", "regionId must be")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","region":"x"}""", "'region'")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","officeSiteId":""}""", "must look like cn-hangzhou+dir-")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","officeSiteId":"cn-beijing+dir-1"}""", "officeSiteId")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","officeSiteId":"cn-hangzhou+dir 1"}""", "officeSiteId")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","name":" "}""", "name must not be empty")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenId":"vpc-1"}""", "cenId must look like cen-")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenId":"cen-1","cenAttachStatus":""}""", "go together")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cenAttachStatus":"attached"}""", "go together")]
    [InlineData("office-sites", """{"regionId":"cn-hangzhou","cidrBlock":"10.0.0.1/12"}""", "cidrBlock")]
    public async Task A_malformed_order_changes_nothing_and_says_what_is_wrong(string path, string order, string hint)
    {
        var response = await Ecd.ControlAsync("POST", path, order);

        Assert.Equal(400, response.Status);
        Assert.Contains(hint, response.Text("error"), StringComparison.Ordinal);
        Assert.Empty(Ecd.Server.Faults.Items);
        Assert.Equal(3, Ecd.Server.OfficeSites.Items.Count);
    }
}
