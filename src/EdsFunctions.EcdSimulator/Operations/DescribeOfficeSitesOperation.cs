namespace EdsFunctions.EcdSimulator.Operations;

/// <summary>
/// Lists office networks in pages, ordered by id. Ignores ids in the request that no office network has.
/// </summary>
internal sealed class DescribeOfficeSitesOperation(OfficeSites sites) : ISimulatedOperation
{
    private const int MaxPageSize = 100;

    public string Name => "DescribeOfficeSites";

    public Func<JsonObject> Prepare(SimulatedRequest request)
    {
        var regionId = request.RequireRegionId();
        var ids = ReadIds(request);
        var maxResults = ReadMaxResults(request);
        var after = ReadNextToken(request, regionId);
        return () =>
        {
            var found = sites.InRegion(regionId)
                .Where(site => ids.Count == 0 || ids.Contains(site.OfficeSiteId))
                .ToList();
            var rest = found.Where(site => string.CompareOrdinal(site.OfficeSiteId, after) > 0).ToList();
            var page = rest.Take(maxResults).ToList();
            return new JsonObject
            {
                ["OfficeSites"] = new JsonArray([.. page.Select(ToJson)]),
                ["NextToken"] = page.Count < rest.Count ? page[^1].OfficeSiteId : "",
                ["TotalCount"] = found.Count,
            };
        };
    }

    private static HashSet<string> ReadIds(SimulatedRequest request)
    {
        HashSet<string> ids = [];
        for (var n = 1; request.Find($"OfficeSiteId.{n}") is { } id; n++)
        {
            if (n > MaxPageSize)
                throw EcdRefusal.Invalid("OfficeSiteId", $"the maximum is {MaxPageSize}");
            ids.Add(id);
        }
        return ids;
    }

    private static int ReadMaxResults(SimulatedRequest request)
    {
        if (request.Find("MaxResults") is not { } text)
            return 10;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is >= 1 and <= MaxPageSize
            ? number
            : throw EcdRefusal.Invalid("MaxResults", $"it must be 1 to {MaxPageSize}");
    }

    /// <summary>
    /// Reads the token for the next page. The token is the last id of the previous page, so a page neither skips nor
    /// repeats an office network, even if some were added between two requests.
    /// </summary>
    private static string ReadNextToken(SimulatedRequest request, string regionId) =>
        request.Find("NextToken") is { Length: > 0 } token
            ? token.StartsWith(regionId + '+', StringComparison.Ordinal)
                ? token
                : throw EcdRefusal.Invalid("NextToken", "it must be the one of the previous page")
            : "";

    /// <summary>
    /// Writes many of the fields that Alibaba documents, including all secrets. Leaves out the fields of the CEN if the
    /// office network has none: Alibaba does not document this case.
    /// </summary>
    private static JsonObject ToJson(SimulatedOfficeSite site)
    {
        var json = new JsonObject
        {
            ["OfficeSiteId"] = site.OfficeSiteId,
            [nameof(site.Name)] = site.Name,
            ["RegionId"] = site.RegionId,
            ["Status"] = "REGISTERED",
            ["OfficeSiteType"] = "SIMPLE",
            ["CidrBlock"] = site.CidrBlock,
            ["DnsAddress"] = new JsonArray("172.24.0.2"),
            ["DomainName"] = "example.com",
            ["DomainUserName"] = "Administrator",
            ["DomainPassword"] = OfficeSiteSecrets.Mark + ":DomainPassword",
            ["TrustPassword"] = OfficeSiteSecrets.Mark + ":TrustPassword",
            ["ClientId"] = "desktops",
            ["ClientSecret"] = OfficeSiteSecrets.Mark + ":ClientSecret",
            ["ADConnectors"] = new JsonArray(new JsonObject
            {
                ["ADConnectorAddress"] = "172.24.0.3",
                ["ConnectorStatus"] = "RUNNING",
                ["TrustKey"] = OfficeSiteSecrets.Mark + ":TrustKey",
            }),
        };
        if (site.CenId is not null)
        {
            json["CenId"] = site.CenId;
            json["CenAttachStatus"] = site.CenAttachStatus;
        }
        return json;
    }
}
