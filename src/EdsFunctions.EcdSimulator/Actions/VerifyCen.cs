using EdsFunctions.EcdSimulator.Gateway;
using EdsFunctions.EcdSimulator.Networks;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>
/// Checks a CEN, its owner, the owner's code, and whether the addresses of an office network conflict with the routes of
/// the CEN. Whatever is wrong with those is 200 all the same, and said in <c>Status</c>.
/// </summary>
internal sealed class VerifyCen(VerifyCodes codes, SimulatorOptions options) : IEcdAction
{
    private const string Access = "Access";
    private const string Conflict = "Conflict";

    public string Name => "VerifyCen";

    public Func<JsonObject> Prepare(EcdCall call)
    {
        var regionId = RegionId.Require(call);
        var claim = CenParameters.Require(call);
        var block = CidrBlock.Find(call.Parameters.Require("CidrBlock"))
            ?? throw EcdRefusal.Invalid("CidrBlock", "a CIDR block looks like 192.168.0.0/16 and has 12 bits at least");

        return () => codes.Check(claim) is { } problem
            ? new JsonObject { ["Status"] = problem }
            : Compare(block, regionId);
    }

    /// <summary>All routes are listed, each with its own status; blocks are proposed only where there is a conflict.</summary>
    private JsonObject Compare(CidrBlock block, string regionId)
    {
        var answer = new JsonObject
        {
            ["Status"] = CenRoutes.All.Any(route => route.Destination.Overlaps(block)) ? Conflict : Access,
            ["RouteEntries"] = new JsonArray([.. CenRoutes.All.Select(route => Entry(route, block, regionId))]),
        };
        if ((string?)answer["Status"] == Conflict)
            answer["CidrBlocks"] = Propose(block.Length);
        return answer;
    }

    private static JsonObject Entry(CenRoute route, CidrBlock block, string regionId) => new()
    {
        ["DestinationCidrBlock"] = route.Destination.ToString(),
        ["NextHopInstanceId"] = route.NextHopInstanceId,
        ["RegionId"] = regionId,
        ["Status"] = route.Destination.Overlaps(block) ? Conflict : Access,
    };

    private JsonArray Propose(int length)
    {
        var blocks = new JsonArray([.. CenRoutes.Free(length).Take(3).Select(block => JsonValue.Create(block.ToString()))]);
        return options.CidrBlocksAsText ? [blocks.ToJsonString()] : blocks;
    }
}
