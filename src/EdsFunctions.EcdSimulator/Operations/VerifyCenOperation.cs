using System.Buffers.Binary;
using System.Net;

namespace EdsFunctions.EcdSimulator.Operations;

/// <summary>
/// Checks a CEN, its owner, the owner's code, and whether a CIDR block conflicts with the routes of the CEN. The HTTP
/// status is always 200. The field <c>Status</c> of the response has the result.
/// </summary>
internal sealed class VerifyCenOperation(CenRegistry cens, SimulatorOptions options) : ISimulatedOperation
{
    private const string Access = "Access";
    private const string Conflict = "Conflict";

    /// <summary>The routes that every CEN has in the simulator, so that tests can cause conflicts.</summary>
    private static readonly (IPNetwork Destination, string NextHopInstanceId)[] Routes =
    [
        (IPNetwork.Parse("10.0.0.0/12"), "vpc-uf62bu0xs5j8md54pabcd"),
        (IPNetwork.Parse("172.16.0.0/16"), "vpc-bp1nd5n8mqtzr9xw2efgh"),
    ];

    private static readonly IPNetwork[] PrivateNetworks =
        [IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("10.0.0.0/8")];

    public string Name => "VerifyCen";

    public Func<JsonObject> Prepare(SimulatedRequest request)
    {
        var regionId = request.RequireRegionId();
        var claim = request.RequireClaim();
        var block = Formats.ParseCidrBlock(request.Require("CidrBlock"))
            ?? throw EcdRefusal.Invalid("CidrBlock", "a block looks like 192.168.0.0/16 and has 12 to 32 prefix bits");

        return () => cens.Check(claim) is { } problem
            ? new JsonObject { ["Status"] = problem }
            : Compare(block, regionId);
    }

    /// <summary>
    /// Compares a CIDR block with the routes of the CEN. The result lists all routes with their status and, if there is
    /// a conflict, proposes other blocks.
    /// </summary>
    private JsonObject Compare(IPNetwork block, string regionId)
    {
        var isFree = IsFree(block);
        var body = new JsonObject
        {
            ["Status"] = isFree ? Access : Conflict,
            ["RouteEntries"] = new JsonArray([.. Routes.Select(route => new JsonObject
            {
                ["DestinationCidrBlock"] = route.Destination.ToString(),
                ["NextHopInstanceId"] = route.NextHopInstanceId,
                ["RegionId"] = regionId,
                ["Status"] = Overlap(route.Destination, block) ? Conflict : Access,
            })]),
        };
        if (!isFree)
            body["CidrBlocks"] = Propose(block.PrefixLength);
        return body;
    }

    /// <summary>
    /// Proposes the first private CIDR blocks of a size that have no conflict. Alibaba proposes random blocks.
    /// </summary>
    private JsonArray Propose(int prefixLength)
    {
        var free = PrivateNetworks.SelectMany(network => Split(network, prefixLength)).Where(IsFree).Take(3);
        var blocks = new JsonArray([.. free.Select(block => JsonValue.Create(block.ToString()))]);
        return options.CidrBlocksAsText ? [blocks.ToJsonString()] : blocks;
    }

    private static bool IsFree(IPNetwork block) => !Routes.Any(route => Overlap(route.Destination, block));

    private static bool Overlap(IPNetwork one, IPNetwork other) =>
        one.Contains(other.BaseAddress) || other.Contains(one.BaseAddress);

    /// <summary>
    /// Lists all CIDR blocks of a size in a network, in order; none if the network is smaller than a block.
    /// </summary>
    private static IEnumerable<IPNetwork> Split(IPNetwork network, int prefixLength)
    {
        var first = BinaryPrimitives.ReadUInt32BigEndian(network.BaseAddress.GetAddressBytes());
        var count = prefixLength < network.PrefixLength ? 0 : 1u << (prefixLength - network.PrefixLength);
        for (var n = 0u; n < count; n++)
        {
            var address = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(address, first + (n << (32 - prefixLength)));
            yield return new IPNetwork(new IPAddress(address), prefixLength);
        }
    }
}
