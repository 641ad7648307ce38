namespace EdsFunctions.Tests.Simulator;

public sealed class OfficeSiteControlTests
{
    [Fact]
    public async Task The_office_networks_of_all_regions_asked_for_are_listed()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var before = await ItemsAsync(ecd, "office-sites");
        await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites").With("RegionId", "cn-beijing"));

        var after = await ItemsAsync(ecd, "office-sites");
        var attached = await ItemsAsync(ecd, "office-sites?cenId=cen-3gwy16dojz1m65abcd");

        Assert.Equal((3, 6, 2), (before.Count, after.Count, attached.Count));
        Assert.Equal(
            ["regionId", "officeSiteId", "name", "cenId", "cenAttachStatus", "cidrBlock"],
            after[0].EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task One_can_be_added()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var first = await ecd.ControlAsync("POST", "office-sites", """{"regionId":"cn-beijing"}""");
        var second = await ecd.ControlAsync("POST", "office-sites",
            """{"regionId":"cn-beijing","name":"berlin","cenId":"cen-one","cenAttachStatus":"attaching","cidrBlock":"10.1.0.0/16"}""");

        Assert.Equal((200, 200), (first.Status, second.Status));
        Assert.NotEqual(first.Text("officeSiteId"), second.Text("officeSiteId"));
        Assert.StartsWith("cn-beijing+dir-", first.Text("officeSiteId"), StringComparison.Ordinal);
        Assert.Equal((null, null), (first.Text("cenId"), first.Text("cenAttachStatus")));
        Assert.Equal(
            new SimulatedOfficeSite
            {
                RegionId = "cn-beijing",
                OfficeSiteId = second.Text("officeSiteId")!,
                Name = "berlin",
                CenId = "cen-one",
                CenAttachStatus = "attaching",
                CidrBlock = "10.1.0.0/16",
            },
            ecd.Site(second.Text("officeSiteId")!));
    }

    [Fact]
    public async Task One_can_be_attached_and_detached_as_at_the_console()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var before = ecd.Site(RunningSimulator.FreeSite);

        await ecd.ControlAsync("POST", "office-sites",
            $$"""{"regionId":"cn-hangzhou","officeSiteId":"{{RunningSimulator.FreeSite}}","cenId":"cen-one"}""");
        var attached = ecd.Site(RunningSimulator.FreeSite);
        await ecd.ControlAsync("POST", "office-sites",
            $$"""{"regionId":"cn-hangzhou","officeSiteId":"{{RunningSimulator.FreeSite}}","cenId":""}""");

        Assert.Equal(before with { CenId = "cen-one", CenAttachStatus = "attached" }, attached);
        Assert.Equal(before, ecd.Site(RunningSimulator.FreeSite));
        Assert.Equal(3, ecd.Server.OfficeSites.Items.Count);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("null", "An office site is a JSON object")]
    [InlineData("{}", "regionId is required")]
    [InlineData("""{"regionId":"CN"}""", "regionId must be")]
    [InlineData("""{"regionId":"cn-hangzhou","region":"x"}""", "'region'")]
    [InlineData("""{"regionId":"cn-hangzhou","officeSiteId":""}""", "officeSiteId must look like cn-hangzhou+dir-")]
    [InlineData("""{"regionId":"cn-hangzhou","officeSiteId":"cn-beijing+dir-1"}""", "officeSiteId")]
    [InlineData("""{"regionId":"cn-hangzhou","officeSiteId":"cn-hangzhou+dir 1"}""", "officeSiteId")]
    [InlineData("""{"regionId":"cn-hangzhou","name":" "}""", "name must not be empty")]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"vpc-1"}""", "cenId must look like cen-")]
    [InlineData("""{"regionId":"cn-hangzhou","cenId":"cen-1","cenAttachStatus":""}""", "go together")]
    [InlineData("""{"regionId":"cn-hangzhou","cenAttachStatus":"attached"}""", "go together")]
    [InlineData("""{"regionId":"cn-hangzhou","cidrBlock":"10.0.0.1/12"}""", "cidrBlock")]
    public async Task A_bad_order_is_told_what_is_wrong(string order, string hint)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.ControlAsync("POST", "office-sites", order);

        Assert.Equal(400, answer.Status);
        Assert.Contains(hint, answer.Text("error"), StringComparison.Ordinal);
        Assert.Equal(3, ecd.Server.OfficeSites.Items.Count);
    }

    [Fact]
    public async Task A_test_in_the_same_process_is_told_what_is_wrong_too()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var site = ecd.Site(RunningSimulator.FreeSite);

        Assert.Throws<ArgumentException>(() => ecd.Server.OfficeSites.Put(site with { CenId = "cen-one" }));

        Assert.Equal(site, ecd.Site(RunningSimulator.FreeSite));
    }

    private static async Task<IReadOnlyList<JsonElement>> ItemsAsync(RunningSimulator ecd, string path) =>
        [.. (await ecd.ControlAsync("GET", path)).Json.GetProperty("items").EnumerateArray()];
}
