namespace EdsFunctions.Tests.Simulator;

public sealed class DescribeOfficeSitesTests : SimulatorTest
{
    [Fact]
    public async Task Every_region_has_two_office_networks_to_attach_and_one_that_is()
    {
        var response = (await Ecd.SendAsync(List().With("RegionId", "eu-central-1"))).ShouldSucceed();

        Assert.Equal(("", 3), (response.Text("NextToken"), TotalCount(response)));
        Assert.Equal(
            [
                ("eu-central-1+dir-2051660961", "office-free", "eu-central-1", "192.168.0.0/16", null, null),
                ("eu-central-1+dir-2051660962", "office-in-conflict", "eu-central-1", "172.16.0.0/20", null, null),
                ("eu-central-1+dir-2051660963", "office-attached", "eu-central-1", "172.31.0.0/20",
                    "cen-3gwy16dojz1m65abcd", "attached"),
            ],
            response.Items("OfficeSites").Select(site => (
                site.Text("OfficeSiteId"),
                site.Text("Name"),
                site.Text("RegionId"),
                site.Text("CidrBlock"),
                site.Text("CenId"),
                site.Text("CenAttachStatus"))));
    }

    [Fact]
    public async Task Secrets_carry_a_mark()
    {
        var site = (await Ecd.SendAsync(List())).Items("OfficeSites")[0];

        string?[] secrets =
        [
            site.Text("DomainPassword"),
            site.Text("TrustPassword"),
            site.Text("ClientSecret"),
            site.GetProperty("ADConnectors")[0].Text("TrustKey"),
        ];
        Assert.All(secrets, secret => Assert.StartsWith(OfficeSiteSecrets.Mark, secret, StringComparison.Ordinal));
        Assert.Equal(secrets.Length + 1, site.GetRawText().Split(OfficeSiteSecrets.Mark).Length);
    }

    [Fact]
    public async Task They_can_be_requested_by_id()
    {
        var response = await Ecd.SendAsync(List()
            .With("OfficeSiteId.1", RunningSimulator.AttachedSite)
            .With("OfficeSiteId.2", "cn-hangzhou+dir-1")
            .With("OfficeSiteId.3", RunningSimulator.FreeSite));
        var elsewhere = await Ecd.SendAsync(
            List().With("RegionId", "cn-beijing").With("OfficeSiteId.1", RunningSimulator.FreeSite));

        Assert.Equal([RunningSimulator.FreeSite, RunningSimulator.AttachedSite], Ids(response));
        Assert.Equal((2, 0), (TotalCount(response), TotalCount(elsewhere)));
    }

    [Theory]
    [InlineData(null, 10, 10, 5)]
    [InlineData("9", 9, 9, 7)]
    [InlineData("25", 25)]
    [InlineData("100", 25)]
    public async Task They_come_in_pages(string? maxResults, params int[] pages)
    {
        for (var n = 0; n < 22; n++)
        {
            Ecd.Server.OfficeSites.Put(
                new SimulatedOfficeSite { RegionId = "cn-hangzhou", OfficeSiteId = $"cn-hangzhou+dir-{n}" });
        }

        List<WireResponse> responses = [];
        for (var token = ""; responses.Count == 0 || token != ""; token = responses[^1].Text("NextToken")!)
        {
            var call = List().With("NextToken", token);
            responses.Add(await Ecd.SendAsync(maxResults is null ? call : call.With("MaxResults", maxResults)));
        }

        Assert.Equal(pages, responses.Select(response => Ids(response).Count()));
        Assert.All(responses, response => Assert.Equal(25, TotalCount(response)));
        Assert.Equal(Ecd.Server.OfficeSites.Items.Select(site => site.OfficeSiteId), responses.SelectMany(Ids));
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(101, 400)]
    public async Task A_hundred_can_be_requested_by_id(int count, int status)
    {
        var call = Enumerable.Range(1, count).Aggregate(
            List(), (call, n) => call.With($"OfficeSiteId.{n}", $"cn-hangzhou+dir-{n}"));

        Assert.Equal(status, (await Ecd.SendAsync(call)).Status);
    }

    private Call List() => Ecd.CallTo("DescribeOfficeSites");

    private static int TotalCount(WireResponse response) => response.Json.GetProperty("TotalCount").GetInt32();

    private static IEnumerable<string?> Ids(WireResponse response) =>
        response.Items("OfficeSites").Select(site => site.Text("OfficeSiteId"));
}
