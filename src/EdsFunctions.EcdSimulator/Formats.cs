using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator;

/// <summary>The syntax of ids and addresses, in parameters and in office networks alike.</summary>
internal static partial class Formats
{
    public const string CenIdExample = "cen-3weq30r6t0s7t4abcd";

    [GeneratedRegex(@"^cen-[a-z0-9]+\z")]
    public static partial Regex CenId { get; }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    public static partial Regex RegionId { get; }

    /// <summary>What follows the region and the plus sign in the id of an office network.</summary>
    [GeneratedRegex(@"^[a-z]+-[a-z0-9]+\z")]
    public static partial Regex OfficeSiteIdSuffix { get; }

    /// <returns>Null for anything but dotted decimals, a prefix length of 12 to 32, and no bit set beyond it.</returns>
    public static IPNetwork? ParseCidrBlock(string text) =>
        // Shorthand, octal numbers and host bits are parsed, but not written back.
        IPNetwork.TryParse(text, out var block)
        && block.BaseAddress.AddressFamily == AddressFamily.InterNetwork
        && block.PrefixLength >= 12 // The vendor's page on creating an office network allows no shorter prefix.
        && block.ToString() == text
            ? block
            : null;
}
