using System.Text.RegularExpressions;
using EdsFunctions.EcdSimulator.Gateway;

namespace EdsFunctions.EcdSimulator.Actions;

/// <summary>The parameter every operation of the API requires.</summary>
internal static partial class RegionId
{
    /// <exception cref="EcdRefusal">None, none that could be a region, or not the one whose endpoint was called.</exception>
    public static string Require(EcdCall call)
    {
        var regionId = call.Parameters.Require("RegionId");
        if (!Shape().IsMatch(regionId))
            throw EcdRefusal.Invalid("RegionId", "a region looks like cn-hangzhou");

        // On loopback there is no telling which region's endpoint the caller had in mind.
        if (Endpoint().Match(call.Host) is { Success: true } endpoint && endpoint.Groups["region"].Value != regionId)
            throw EcdRefusal.Invalid("RegionId", $"this is {call.Host}");

        return regionId;
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex Shape();

    [GeneratedRegex(@"^ecd\.(?<region>[^.:]+)\.aliyuncs\.com(:\d+)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex Endpoint();
}
