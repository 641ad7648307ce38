namespace EdsFunctions.EcdSimulator.Control;

/// <summary>Office networks as a person at the console sees and changes them, under <c>/_simulator/office-sites</c>.</summary>
internal sealed class OfficeSiteEndpoints(OfficeSites sites)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/_simulator/office-sites", context => ControlJson.WriteItemsAsync(
            context, sites.Items.Where(site => ControlJson.IsAskedFor(context, site.CenId))));
        routes.MapPost("/_simulator/office-sites", context => ControlJson.OrderAsync<OfficeSiteOrder>(
            context, "An office site", order => order.PutInto(sites)));
    }
}
