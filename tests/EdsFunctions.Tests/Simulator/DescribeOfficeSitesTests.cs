namespace EdsFunctions.Tests.Simulator;

public sealed class DescribeOfficeSitesTests
{
    [Fact]
    public async Task Every_region_has_two_office_networks_to_attach_and_one_that_is()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites").With("RegionId", "eu-central-1"));

        Assert.Equal((200, ""), (answer.Status, answer.Text("NextToken")));
        Assert.Equal(answer.Headers["x-acs-request-id"], answer.Text("RequestId"));
        Assert.Equal(3, answer.Json.GetProperty("TotalCount").GetInt32());
        Assert.Equal(
            [
                ("eu-central-1+dir-2051660961", "office-free", "eu-central-1", "192.168.0.0/16", null, null),
                ("eu-central-1+dir-2051660962", "office-in-conflict", "eu-central-1", "172.16.0.0/20", null, null),
                ("eu-central-1+dir-2051660963", "office-attached", "eu-central-1", "172.31.0.0/20", "cen-3gwy16dojz1m65abcd", "attached"),
            ],
            Sites(answer).Select(site => (
                Text(site, "OfficeSiteId"),
                Text(site, "Name"),
                Text(site, "RegionId"),
                Text(site, "CidrBlock"),
                Text(site, "CenId"),
                Text(site, "CenAttachStatus"))));
    }

    [Fact]
    public async Task Secrets_come_with_them_and_can_be_told_by_their_mark()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var site = Sites(await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites")))[0];

        Assert.Equal(OfficeSiteSecrets.Mark + ":DomainPassword", Text(site, "DomainPassword"));
        Assert.Equal(OfficeSiteSecrets.Mark + ":TrustPassword", Text(site, "TrustPassword"));
        Assert.Equal(OfficeSiteSecrets.Mark + ":ClientSecret", Text(site, "ClientSecret"));
        Assert.Equal(OfficeSiteSecrets.Mark + ":TrustKey", Text(site.GetProperty("ADConnectors")[0], "TrustKey"));
        Assert.Equal(5, site.GetRawText().Split(OfficeSiteSecrets.Mark).Length);
    }

    [Fact]
    public async Task What_was_attached_is_shown()
    {
        await using var ecd = await RunningSimulator.StartAsync();
        await ecd.SendAsync(ecd.AttachCen(await ecd.SendCodeAsync()));

        var site = Sites(await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites")))[0];

        Assert.Equal((Call.Cen, "attached"), (Text(site, "CenId"), Text(site, "CenAttachStatus")));
    }

    [Fact]
    public async Task They_can_be_asked_for_by_id()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites",
            ("OfficeSiteId.1", RunningSimulator.AttachedSite),
            ("OfficeSiteId.2", "cn-hangzhou+dir-1"),
            ("OfficeSiteId.3", RunningSimulator.FreeSite)));

        Assert.Equal([RunningSimulator.FreeSite, RunningSimulator.AttachedSite], Ids(answer));
        Assert.Equal(2, answer.Json.GetProperty("TotalCount").GetInt32());
    }

    [Fact]
    public async Task Those_of_another_region_are_not_there()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites", ("OfficeSiteId.1", RunningSimulator.FreeSite))
            .With("RegionId", "cn-beijing"));

        Assert.Empty(Ids(answer));
    }

    [Theory]
    [InlineData(null, 10, 10, 5)]
    [InlineData("9", 9, 9, 7)]
    [InlineData("25", 25)]
    [InlineData("100", 25)]
    public async Task They_come_a_page_at_a_time(string? maxResults, params int[] pages)
    {
        await using var ecd = await RunningSimulator.StartAsync();
        for (var n = 0; n < 22; n++)
            ecd.Server.OfficeSites.Put(new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = $"cn-hangzhou+dir-{n}" });

        List<Answer> answers = [];
        var call = ecd.CallTo("DescribeOfficeSites");
        if (maxResults is not null)
            call = call.With("MaxResults", maxResults);
        var token = "";
        do
        {
            answers.Add(await ecd.SendAsync(call.With("NextToken", token) with { Nonce = Guid.NewGuid().ToString() }));
            token = answers[^1].Text("NextToken")!;
        }
        while (token != "");

        Assert.Equal(pages, answers.Select(answer => Ids(answer).Count()));
        Assert.All(answers, answer => Assert.Equal(25, answer.Json.GetProperty("TotalCount").GetInt32()));
        Assert.Equal(ecd.Server.OfficeSites.Items.Select(site => site.OfficeSiteId), answers.SelectMany(Ids));
    }

    [Theory]
    [InlineData("RegionId", "CN_HANGZHOU")]
    [InlineData("MaxResults", "")]
    [InlineData("MaxResults", "0")]
    [InlineData("MaxResults", "101")]
    [InlineData("MaxResults", "-1")]
    [InlineData("MaxResults", "many")]
    [InlineData("NextToken", "not-a-token")]
    public async Task A_parameter_of_the_wrong_shape_is_named(string parameter, string value)
    {
        await using var ecd = await RunningSimulator.StartAsync();

        var answer = await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites").With(parameter, value));

        answer.ShouldBeError(400, "InvalidParameter." + parameter);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task A_hundred_can_be_asked_for_by_id(int count, int status)
    {
        await using var ecd = await RunningSimulator.StartAsync();
        var call = ecd.CallTo("DescribeOfficeSites");
        for (var n = 1; n <= count; n++)
            call = call.With(string.Create(CultureInfo.InvariantCulture, $"OfficeSiteId.{n}"), $"cn-hangzhou+dir-{n}");

        Assert.Equal(status, (await ecd.SendAsync(call)).Status);
    }

    [Fact]
    public async Task A_missing_region_is_named()
    {
        await using var ecd = await RunningSimulator.StartAsync();

        (await ecd.SendAsync(ecd.CallTo("DescribeOfficeSites").Without("RegionId"))).ShouldBeError(400, "MissingRegionId");
    }

    private static IReadOnlyList<JsonElement> Sites(Answer answer) =>
        [.. answer.Json.GetProperty("OfficeSites").EnumerateArray()];

    private static IEnumerable<string?> Ids(Answer answer) => Sites(answer).Select(site => Text(site, "OfficeSiteId"));

    private static string? Text(JsonElement site, string property) =>
        site.TryGetProperty(property, out var value) ? value.GetString() : null;
}
