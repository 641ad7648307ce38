using System.Text.RegularExpressions;

namespace EdsFunctions.EcdSimulator;

/// <summary>An office network.</summary>
public sealed partial record OfficeSite
{
    /// <summary>Such as <c>cn-hangzhou</c>.</summary>
    public required string RegionId { get; init; }

    /// <summary>The region, a plus sign and more: <c>cn-hangzhou+dir-2051660961</c>.</summary>
    public required string OfficeSiteId { get; init; }

    public string Name { get; init; } = "office";

    /// <summary>The CEN it is attached to; null for none.</summary>
    public string? CenId { get; init; }

    /// <summary>The vendor documents one value only, <c>attached</c>. Null where there is no CEN.</summary>
    public string? CenAttachStatus { get; init; }

    /// <summary>The IPv4 addresses of its desktops.</summary>
    public string CidrBlock { get; init; } = "192.168.0.0/16";

    /// <summary>The same one, attached; which is what AttachCen does, and a person at the console.</summary>
    public OfficeSite AttachedTo(string cenId) => this with { CenId = cenId, CenAttachStatus = "attached" };

    /// <exception cref="ArgumentException">It cannot be one; the message says why.</exception>
    internal void Validate()
    {
        if (!RegionShape().IsMatch(RegionId))
            throw new ArgumentException("regionId must be a region such as cn-hangzhou.");
        if (!OfficeSiteId.StartsWith(RegionId + "+", StringComparison.Ordinal)
            || !RestOfIdShape().IsMatch(OfficeSiteId[(RegionId.Length + 1)..]))
        {
            throw new ArgumentException($"officeSiteId must look like {RegionId}+dir-2051660961.");
        }

        if (string.IsNullOrWhiteSpace(Name))
            throw new ArgumentException("name must not be empty.");
        if (CenId is not null && !CenIdShape.Matches(CenId))
            throw new ArgumentException($"cenId must look like {CenIdShape.Example}.");
        if (CenId is null != string.IsNullOrWhiteSpace(CenAttachStatus))
            throw new ArgumentException("cenAttachStatus and cenId go together.");
        if (Networks.CidrBlock.Find(CidrBlock) is null)
            throw new ArgumentException("cidrBlock must look like 192.168.0.0/16, with 12 to 32 bits and none set beyond them.");
    }

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex RegionShape();

    [GeneratedRegex(@"^[a-z]+-[a-z0-9]+\z")]
    private static partial Regex RestOfIdShape();
}
