using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator;

/// <summary>The syntax of ids and addresses.</summary>
internal static partial class Formats
{
    public const string CenIdExample = "cen-3weq30r6t0s7t4abcd";

    [GeneratedRegex(@"^cen-[a-z0-9]+\z")]
    public static partial Regex CenId { get; }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex RegionId { get; }

    /// <summary>The part of an office network's id after the region and the plus sign.</summary>
    [GeneratedRegex(@"^[a-z]+-[a-z0-9]+\z")]
    public static partial Regex OfficeSiteIdSuffix { get; }

    /// <returns>Null unless the text is a canonical IPv4 block with a prefix length of 12 to 32.</returns>
    public static IPNetwork? ParseCidrBlock(string text) =>
        // IPNetwork.TryParse accepts shorthand, octal numbers and host bits. The comparison with the canonical form
        // rejects them.
        IPNetwork.TryParse(text, out var block)
        && block.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && block.PrefixLength >= 12 // Alibaba's limit for office networks.
        && block.ToString() == text
            ? block
            : null;
}
