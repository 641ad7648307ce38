using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>
/// Attaches an office network to a CEN, and uses up the code that its owner handed over. Which errors the real one answers
/// is not documented; here they are called as VerifyCen calls them. To attach once more what is attached changes nothing,
/// but takes a good code like the first time.
/// </summary>
internal sealed class AttachCen(VerifyCodes codes, OfficeSites sites) : IEcdAction
{
    public string Name => "AttachCen";

    public Func<JsonObject> Prepare(EcdCall call)
    {
        var regionId = RegionId.Require(call);
        var claim = CenParameters.Require(call);
        var officeSiteId = call.Parameters.Require("OfficeSiteId");
        return () =>
        {
            sites.Attach(regionId, officeSiteId, claim.CenId, () => Redeem(claim));
            return [];
        };
    }

    private void Redeem(CenClaim claim)
    {
        if (codes.Redeem(claim) is { } problem)
            throw new EcdRefusal(400, problem, $"The CEN cannot be attached: {problem}.");
    }
}
