namespace EdsFunctions.EcdSimulator.Operations;

/// <summary>
/// Attaches an office network to a CEN, and uses up the owner's code. Alibaba's errors are not documented; here they
/// are those of VerifyCen. Attaching again what is attached changes nothing, but takes a valid code.
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
