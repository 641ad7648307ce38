namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>
/// An office network as DescribeOfficeSites returns it: a good part of the documented fields, all that are secret among
/// them. What there is of a CEN is left out where there is none; how the real one says so is not documented.
/// </summary>
internal static class OfficeSiteJson
{
    public static JsonObject Of(OfficeSite site)
    {
        var json = new JsonObject
        {
            ["OfficeSiteId"] = site.OfficeSiteId,
            ["Name"] = site.Name,
            ["RegionId"] = site.RegionId,
            ["Status"] = "REGISTERED",
            ["OfficeSiteType"] = "SIMPLE",
            ["CidrBlock"] = site.CidrBlock,
            ["DnsAddress"] = new JsonArray("172.24.0.2"),
            ["DomainName"] = "example.com",
            ["DomainUserName"] = "Administrator",
            ["DomainPassword"] = OfficeSiteSecrets.DomainPassword,
            ["TrustPassword"] = OfficeSiteSecrets.TrustPassword,
            ["ClientId"] = "desktops",
            ["ClientSecret"] = OfficeSiteSecrets.ClientSecret,
            ["ADConnectors"] = new JsonArray(new JsonObject
            {
                ["ADConnectorAddress"] = "172.24.0.3",
                ["ConnectorStatus"] = "RUNNING",
                ["TrustKey"] = OfficeSiteSecrets.TrustKey,
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
