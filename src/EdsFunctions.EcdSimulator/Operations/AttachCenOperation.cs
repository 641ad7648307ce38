namespace EdsFunctions.EcdSimulator.Operations;

/// <summary>
/// Attaches an office network to a CEN, and uses up the owner's code. Alibaba does not document the errors of
/// AttachCen, so the simulator returns those of VerifyCen. A repeat of the request needs a valid code, and changes
/// nothing.
/// </summary>
internal sealed class AttachCenOperation(CenRegistry cens, OfficeSites sites) : ISimulatedOperation
{
    public string Name => "AttachCen";

    public Func<JsonObject> Prepare(SimulatedRequest request)
    {
        var regionId = request.RequireRegionId();
        var claim = request.RequireClaim();
        var officeSiteId = request.Require("OfficeSiteId");
        return () =>
        {
            sites.Attach(regionId, officeSiteId, claim.CenId, authorize: () => cens.Redeem(claim));
            return [];
        };
    }
}
